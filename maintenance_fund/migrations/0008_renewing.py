"""Plans, batches, steps and collections around notices to renew; what was noted stays."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lib.append_only import Seal

BATCH_OPEN = ("done", "state", "claimed_at", "committee_on", "village_on")
COLLECTION_OPEN = ("proposal_id", "struck_because", "due_on", "due_provisional")


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0026_person_corrections"),
        ("maintenance_fund", "0007_first_deposits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RenewalBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("issued_on", models.DateField(verbose_name="发出日期")),
                ("count", models.PositiveIntegerField(verbose_name="多少份")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="做好多少份")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "等着做"), ("working", "正在做"), ("ready", "做好了")],
                        default="waiting",
                        max_length=7,
                        verbose_name="状态",
                    ),
                ),
                ("claimed_at", models.DateTimeField(null=True, verbose_name="开始做的时间")),
                ("stored", models.CharField(editable=False, max_length=40, verbose_name="存放的名字")),
                ("committee_on", models.DateField(null=True, verbose_name="抄送业委会的日期")),
                ("village_on", models.DateField(null=True, verbose_name="抄送村居的日期")),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="renewal_batches",
                        to="communities.community",
                        verbose_name="小区",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="发出人",
                    ),
                ),
            ],
            options={
                "verbose_name": "一批续交通知书",
                "verbose_name_plural": "一批续交通知书",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddField(
            model_name="renewalnotice",
            name="batch",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="maintenance_fund.renewalbatch",
                verbose_name="哪一批",
            ),
        ),
        migrations.CreateModel(
            name="RenewalPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("decided_on", models.DateField(verbose_name="哪天决定的")),
                ("document", models.CharField(max_length=120, verbose_name="决议文件")),
                ("target_bp", models.IntegerField(default=10000, verbose_name="续交到首期的比例（基点）")),
                ("days", models.PositiveSmallIntegerField(null=True, verbose_name="收到通知后几天内交")),
                ("instalments", models.PositiveSmallIntegerField(default=1, verbose_name="分几期")),
                ("months_apart", models.PositiveSmallIntegerField(default=0, verbose_name="隔几个月一期")),
                ("entered_at", models.DateTimeField(verbose_name="登记于")),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="renewal_plans",
                        to="communities.community",
                        verbose_name="小区",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
            ],
            options={
                "verbose_name": "续筹方案",
                "verbose_name_plural": "续筹方案",
                "ordering": ["-decided_on", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="renewalnotice",
            name="plan",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="maintenance_fund.renewalplan",
                verbose_name="续筹方案",
            ),
        ),
        migrations.CreateModel(
            name="RenewalStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("refused", "拒绝续交"), ("dunned", "书面催告"), ("note", "备注")],
                        max_length=7,
                        verbose_name="什么事",
                    ),
                ),
                ("on", models.DateField(verbose_name="哪天")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("at", models.DateTimeField(verbose_name="登记于")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="maintenance_fund.renewalnotice",
                        verbose_name="通知书",
                    ),
                ),
            ],
            options={
                "verbose_name": "续交经过",
                "verbose_name_plural": "续交经过",
                "ordering": ["on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Collection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("term_start", models.DateField(blank=True, editable=False, null=True, verbose_name="从哪天起算")),
                ("term_days", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="期限")),
                (
                    "term_counting",
                    models.CharField(
                        choices=[("working", "工作日"), ("days", "日历日"), ("rolled", "日历日，遇休息日顺延")],
                        default="working",
                        editable=False,
                        max_length=7,
                        verbose_name="怎么算",
                    ),
                ),
                ("due_on", models.DateField(blank=True, editable=False, null=True, verbose_name="最迟")),
                ("due_provisional", models.BooleanField(default=False, editable=False, verbose_name="暂定")),
                (
                    "collector",
                    models.CharField(
                        choices=[("firm", "物业企业"), ("committee", "业主委员会"), ("village", "村居")],
                        max_length=9,
                        verbose_name="谁代收的",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="代收单位")),
                ("amount_fen", models.BigIntegerField(verbose_name="金额（分）")),
                ("received_on", models.DateField(verbose_name="收到日期")),
                ("entered_at", models.DateTimeField(verbose_name="登记于")),
                ("struck_because", models.CharField(blank=True, max_length=200, verbose_name="划掉的原因")),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fund_collections",
                        to="communities.community",
                        verbose_name="小区",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="maintenance_fund.postingproposal",
                        verbose_name="转入专户的凭证",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.unit",
                        verbose_name="户",
                    ),
                ),
            ],
            options={
                "verbose_name": "代收",
                "verbose_name_plural": "代收",
                "ordering": ["-received_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount_fen__gt", 0)), name="collection_positive")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="renewalbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("done__lte", models.F("count"))), name="renewal_batch_done"
            ),
        ),
        migrations.AddConstraint(
            model_name="renewalplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("target_bp__gt", 0), ("target_bp__lte", 100000)), name="renewal_plan_target"
            ),
        ),
        migrations.AddConstraint(
            model_name="renewalplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("instalments", 1), ("months_apart", 0)),
                    models.Q(
                        ("instalments__gte", 2),
                        ("instalments__lte", 60),
                        ("months_apart__gte", 1),
                        ("months_apart__lte", 12),
                    ),
                    _connector="OR",
                ),
                name="renewal_plan_instalments",
                violation_error_message="分期的写 2 到 60 期、每期隔 1 到 12 个月；不分期的写 1 期、隔 0 个月。",
            ),
        ),
        migrations.AddConstraint(
            model_name="renewalstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "note"), _negated=True), models.Q(("note", ""), _negated=True), _connector="OR"
                ),
                name="renewal_step_note",
                violation_error_message="备注要写内容。",
            ),
        ),
        migrations.RunSQL(
            """
            ALTER TABLE maintenance_fund_collection ADD CONSTRAINT collection_unit_here
                FOREIGN KEY (community_id, unit_id) REFERENCES communities_unit (community_id, id);
            """,
            "ALTER TABLE maintenance_fund_collection DROP CONSTRAINT collection_unit_here",
        ),
        Seal("maintenance_fund_renewalplan"),
        Seal("maintenance_fund_renewalbatch", open_columns=BATCH_OPEN),
        Seal("maintenance_fund_renewalstep"),
        Seal("maintenance_fund_collection", open_columns=COLLECTION_OPEN),
    ]
