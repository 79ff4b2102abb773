"""Petitions with their own clock; suggestions about the portal become letters that can be answered in public."""

from uuid import uuid4

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def take_over(apps, editor) -> None:
    """What was suggested so far; nothing of it was answered on a page."""
    letters = apps.get_model("complaints", "MailboxLetter").objects
    for row in apps.get_model("accounts", "Suggestion").objects.order_by("pk"):
        given = {"text": row.text, "page": row.page, "by_id": row.by_id, "received_at": row.at}
        letters.create(kind="suggestion", client_id=uuid4(), **given)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_reviews_stay"),
        ("complaints", "0004_data_requests"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Petition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("received_on", models.DateField(verbose_name="收到日期")),
                ("notice_by", models.DateField(verbose_name="最迟书面告知")),
                ("noticed_on", models.DateField(blank=True, null=True, verbose_name="告知日期")),
                ("notice_letter", models.CharField(blank=True, max_length=60, verbose_name="告知书文号")),
                ("decide_by", models.DateField(verbose_name="最迟出具处理意见")),
                ("extended_on", models.DateField(blank=True, null=True, verbose_name="哪天延的期")),
                ("extended_why", models.CharField(blank=True, max_length=200, verbose_name="为什么延期")),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="处理意见日期")),
                ("decision_letter", models.CharField(blank=True, max_length=60, verbose_name="处理意见书文号")),
            ],
            options={
                "verbose_name": "信访事项",
                "verbose_name_plural": "信访事项",
                "ordering": ["decide_by", "pk"],
            },
        ),
        migrations.AddField(
            model_name="complaint",
            name="hidden_from_neighbours",
            field=models.BooleanField(default=False, verbose_name="不给邻居看照片和地点"),
        ),
        migrations.AddField(
            model_name="mailboxletter",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="谁写的",
            ),
        ),
        migrations.AddField(
            model_name="mailboxletter",
            name="kind",
            field=models.CharField(
                choices=[("question", "信箱来信"), ("suggestion", "意见建议")],
                default="question",
                max_length=10,
                verbose_name="是什么",
            ),
        ),
        migrations.AddField(
            model_name="mailboxletter",
            name="page",
            field=models.CharField(blank=True, max_length=200, verbose_name="在哪一页"),
        ),
        migrations.AlterField(
            model_name="complaintevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("registered", "登记"),
                    ("joined", "又有人遇到"),
                    ("added", "补充情况"),
                    ("accepted", "受理"),
                    ("refused", "不予受理"),
                    ("assigned", "交办"),
                    ("started", "开始办"),
                    ("on_site", "到了现场"),
                    ("extended", "延长期限"),
                    ("paused", "暂停计时"),
                    ("resumed", "恢复计时"),
                    ("mediated", "调处"),
                    ("transferred", "移交部门"),
                    ("department", "部门回了话"),
                    ("chased", "催办"),
                    ("answered", "答复"),
                    ("final_drafted", "拟好最终答复，等复核"),
                    ("final_sent_back", "最终答复退回修改"),
                    ("rated", "评价"),
                    ("called", "电话回访"),
                    ("reopened", "退回重办"),
                    ("merged", "并案"),
                    ("split", "拆成单独一件"),
                    ("upheld", "认定有责"),
                    ("not_upheld", "认定无责"),
                    ("found", "转成问题"),
                    ("unfound", "问题撤销，接着办"),
                    ("changed", "改了登记"),
                    ("petition", "按信访事项办"),
                    ("petition_notice", "信访告知"),
                    ("petition_longer", "信访延期"),
                    ("petition_ended", "信访处理意见"),
                    ("closed", "办结"),
                    ("withdrawn", "撤回"),
                    ("note", "内部备注"),
                    ("filled_back", "已回填 12345"),
                    ("erased", "隐去投诉人信息"),
                ],
                max_length=16,
                verbose_name="什么事",
            ),
        ),
        migrations.AlterField(
            model_name="mailboxletter",
            name="answer_by",
            field=models.DateField(null=True, verbose_name="最迟答复"),
        ),
        migrations.AlterField(
            model_name="mailboxletter",
            name="text",
            field=models.TextField(max_length=1000, verbose_name="写了什么"),
        ),
        migrations.AddConstraint(
            model_name="mailboxletter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer_by", None), ("kind", "suggestion")),
                    models.Q(("answer_by__isnull", False), ("kind", "question")),
                    _connector="OR",
                ),
                name="mailbox_letter_question_has_term",
            ),
        ),
        migrations.AddField(
            model_name="petition",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="谁定的",
            ),
        ),
        migrations.AddField(
            model_name="petition",
            name="complaint",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="petition",
                to="complaints.complaint",
                verbose_name="投诉",
            ),
        ),
        migrations.AddIndex(
            model_name="petition",
            index=models.Index(models.F("decide_by"), condition=models.Q(("decided_on", None)), name="petition_open"),
        ),
        migrations.AddConstraint(
            model_name="petition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("notice_letter", ""), ("noticed_on", None)),
                    models.Q(("noticed_on__isnull", False), models.Q(("notice_letter", ""), _negated=True)),
                    _connector="OR",
                ),
                name="petition_notice_numbered",
                violation_error_message="写上告知书的文号。",
            ),
        ),
        migrations.AddConstraint(
            model_name="petition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_on", None), ("decision_letter", "")),
                    models.Q(
                        ("decided_on__isnull", False),
                        ("noticed_on__isnull", False),
                        models.Q(("decision_letter", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="petition_decision_numbered",
                violation_error_message="先书面告知，再写上处理意见书的文号。",
            ),
        ),
        migrations.AddConstraint(
            model_name="petition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("extended_on", None), ("extended_why", "")),
                    models.Q(("extended_on__isnull", False), models.Q(("extended_why", ""), _negated=True)),
                    _connector="OR",
                ),
                name="petition_extended_why",
                violation_error_message="写一句为什么延期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="petition",
            constraint=models.CheckConstraint(
                condition=models.Q(("noticed_on", None), ("noticed_on__gte", models.F("received_on")), _connector="OR"),
                name="petition_days_in_order",
            ),
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
