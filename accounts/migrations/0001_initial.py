import django.contrib.auth.validators
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations, models

import lib.dated


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        migrations.CreateModel(
            name="Address",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("phone", "手机或电话"), ("email", "电子邮箱")], max_length=5, verbose_name="类型"
                    ),
                ),
                ("value", models.CharField(max_length=254, verbose_name="号码或邮箱")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="本人确认于")),
            ],
            options={
                "verbose_name": "联系方式",
                "verbose_name_plural": "联系方式",
                "constraints": [
                    models.UniqueConstraint(models.F("kind"), models.F("value"), name="address_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "email"), ("value__contains", "@")),
                            models.Q(("kind", "phone"), ("value__regex", "^\\+?[0-9-]{5,20}$")),
                            _connector="OR",
                        ),
                        name="address_shape",
                        violation_error_message="电话只写数字，比如 13800138000；邮箱要有 @。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "这个用户名已经有人用了，换一个。"},
                        max_length=50,
                        unique=True,
                        validators=[
                            django.contrib.auth.validators.UnicodeUsernameValidator(
                                message="用户名只用文字、数字和 @ . + - _，中间不空格。"
                            )
                        ],
                        verbose_name="用户名",
                    ),
                ),
                ("name", models.CharField(max_length=50, verbose_name="姓名")),
                (
                    "pinyin",
                    models.CharField(
                        blank=True, help_text="按姓名自动填；多音字不对就改过来。", max_length=200, verbose_name="拼音"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
                ("must_change_password", models.BooleanField(default=False, verbose_name="下次登录要改密码")),
                (
                    "password_expires_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="一次性密码用到"),
                ),
                ("confirm_phone", models.BooleanField(default=False, verbose_name="线上表决前要先确认手机")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="建立于"),
                ),
                (
                    "email",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="users_by_email",
                        to="accounts.address",
                        verbose_name="邮箱",
                    ),
                ),
                (
                    "mobile",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="user_by_mobile",
                        to="accounts.address",
                        verbose_name="手机号",
                    ),
                ),
            ],
            options={
                "verbose_name": "账号",
                "verbose_name_plural": "账号",
            },
        ),
        migrations.CreateModel(
            name="DemoMark",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("seed", models.BigIntegerField()),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="demo_mark_one")],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40, verbose_name="种类")),
                (
                    "channel",
                    models.CharField(choices=[("inbox", "站内"), ("email", "邮件")], max_length=6, verbose_name="渠道"),
                ),
                ("about", models.CharField(max_length=60, verbose_name="关于")),
                ("about_key", models.CharField(max_length=40, verbose_name="对象")),
                ("round", models.PositiveSmallIntegerField(default=0, verbose_name="第几次")),
                ("due", models.DateTimeField(verbose_name="该发的时间")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待发"),
                            ("sending", "正在发"),
                            ("sent", "已发"),
                            ("failed", "没发成"),
                            ("dropped", "不用发了"),
                        ],
                        default="waiting",
                        max_length=7,
                        verbose_name="状态",
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="试过几次")),
                ("next_try", models.DateTimeField(verbose_name="下次发送")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="发出于")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="看过于")),
                ("error", models.CharField(blank=True, max_length=200, verbose_name="没发成的原因")),
                (
                    "address",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="accounts.address",
                        verbose_name="收件地址",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="收件人",
                    ),
                ),
            ],
            options={
                "verbose_name": "通知",
                "verbose_name_plural": "通知",
            },
        ),
        migrations.CreateModel(
            name="PasswordReset",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("guarded", models.BooleanField(default=False, verbose_name="要两位管理员")),
                ("reason", models.CharField(max_length=200, verbose_name="为什么")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="申请于")),
                ("issued_at", models.DateTimeField(blank=True, null=True, verbose_name="发出于")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤回于")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="第二位管理员",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="谁办的",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="password_resets",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="给谁",
                    ),
                ),
            ],
            options={
                "verbose_name": "密码重置",
                "verbose_name_plural": "密码重置",
                "ordering": ["-asked_at"],
            },
        ),
        migrations.CreateModel(
            name="RoleGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_day", models.DateField(verbose_name="开始日期")),
                (
                    "last_day",
                    models.DateField(
                        blank=True, help_text="当天仍然有效；没有结束就空着。", null=True, verbose_name="结束日期"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("administrator", "系统管理员"),
                            ("town_head", "镇物业办负责人"),
                            ("town_clerk", "镇物业办经办"),
                            ("fund_clerk", "维修资金经办"),
                            ("fund_checker", "维修资金复核"),
                            ("fund_approver", "维修资金审批"),
                            ("leader", "镇领导"),
                            ("station_head", "物管站站长"),
                            ("station_clerk", "物管站经办"),
                            ("cadre", "包区干部"),
                            ("firm_manager", "物业企业负责人"),
                            ("firm_staff", "物业企业员工"),
                            ("committee_member", "业委会成员"),
                            ("building_head", "楼幢长"),
                            ("partner", "结对共建单位"),
                            ("resident", "居民"),
                        ],
                        max_length=20,
                        verbose_name="角色",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("person", "人工授予"),
                            ("link", "随联系关系"),
                            ("setup", "安装时建立"),
                            ("demo", "演示数据"),
                        ],
                        default="person",
                        editable=False,
                        max_length=6,
                        verbose_name="来源",
                    ),
                ),
                ("checked_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="复核于")),
                ("withdrawn_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="撤回于")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="复核人",
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="授予人",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "verbose_name": "角色授予",
                "verbose_name_plural": "角色授予",
                "ordering": ["-first_day"],
            },
        ),
        migrations.CreateModel(
            name="RoleGrantEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("first_day", models.DateField(verbose_name="开始日期")),
                (
                    "last_day",
                    models.DateField(
                        blank=True, help_text="当天仍然有效；没有结束就空着。", null=True, verbose_name="结束日期"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("administrator", "系统管理员"),
                            ("town_head", "镇物业办负责人"),
                            ("town_clerk", "镇物业办经办"),
                            ("fund_clerk", "维修资金经办"),
                            ("fund_checker", "维修资金复核"),
                            ("fund_approver", "维修资金审批"),
                            ("leader", "镇领导"),
                            ("station_head", "物管站站长"),
                            ("station_clerk", "物管站经办"),
                            ("cadre", "包区干部"),
                            ("firm_manager", "物业企业负责人"),
                            ("firm_staff", "物业企业员工"),
                            ("committee_member", "业委会成员"),
                            ("building_head", "楼幢长"),
                            ("partner", "结对共建单位"),
                            ("resident", "居民"),
                        ],
                        max_length=20,
                        verbose_name="角色",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("person", "人工授予"),
                            ("link", "随联系关系"),
                            ("setup", "安装时建立"),
                            ("demo", "演示数据"),
                        ],
                        default="person",
                        editable=False,
                        max_length=6,
                        verbose_name="来源",
                    ),
                ),
                ("checked_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="复核于")),
                ("withdrawn_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="撤回于")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="复核人",
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="授予人",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="accounts.rolegrant",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("device", models.CharField(max_length=100, verbose_name="设备")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登录于")),
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sign_in", to="sessions.session"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_ins",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "verbose_name": "已登录的设备",
                "verbose_name_plural": "已登录的设备",
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="UserEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "这个用户名已经有人用了，换一个。"},
                        max_length=50,
                        validators=[
                            django.contrib.auth.validators.UnicodeUsernameValidator(
                                message="用户名只用文字、数字和 @ . + - _，中间不空格。"
                            )
                        ],
                        verbose_name="用户名",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
                ("must_change_password", models.BooleanField(default=False, verbose_name="下次登录要改密码")),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="username_is_active_must_change_password_events",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_userevent" ("is_active", "must_change_password", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "username") VALUES (NEW."is_active", NEW."must_change_password", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."username"); RETURN NULL;',
                    hash="1ffeca15805c047bf3c6ec47d964398eee2011a7",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_3867c",
                    table="accounts_user",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."must_change_password" IS DISTINCT FROM (NEW."must_change_password") OR OLD."username" IS DISTINCT FROM (NEW."username"))',
                    func='INSERT INTO "accounts_userevent" ("is_active", "must_change_password", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "username") VALUES (NEW."is_active", NEW."must_change_password", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."username"); RETURN NULL;',
                    hash="69157f8ef01c9316696bc8ffad36ae217d10e0bb",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0e890",
                    table="accounts_user",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state__in", ["waiting", "sending"])), fields=["next_try"], name="message_to_send"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(condition=models.Q(("channel", "inbox")), fields=["user", "-due"], name="message_inbox"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                fields=("kind", "about", "about_key", "round", "user", "address", "channel", "due"),
                name="message_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("address__isnull", True), ("user__isnull", False)),
                    models.Q(("address__isnull", False), ("user__isnull", True)),
                    _connector="OR",
                ),
                name="message_one_recipient",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", False), _connector="OR"
                ),
                name="message_sent_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="passwordreset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by__isnull", True),
                    models.Q(
                        models.Q(("approved_by", models.F("asked_by")), _negated=True),
                        models.Q(("approved_by", models.F("user")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="password_reset_two_people",
                violation_error_message="要另一位管理员来同意。",
            ),
        ),
        migrations.AddConstraint(
            model_name="passwordreset",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked_by", models.F("user")), _negated=True),
                name="password_reset_not_own",
                violation_error_message="自己的密码在“我的”里改，不用重置。",
            ),
        ),
        migrations.AddConstraint(
            model_name="passwordreset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("guarded", False), ("issued_at__isnull", True), ("approved_by__isnull", False), _connector="OR"
                ),
                name="password_reset_guarded_by_two",
                violation_error_message="这个账号的密码要两位管理员一起重置。",
            ),
        ),
        migrations.AddConstraint(
            model_name="passwordreset",
            constraint=models.CheckConstraint(
                condition=models.Q(("issued_at__isnull", True), ("withdrawn_at__isnull", True), _connector="OR"),
                name="password_reset_one_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="passwordreset",
            constraint=models.UniqueConstraint(
                models.F("user"),
                condition=models.Q(("issued_at__isnull", True), ("withdrawn_at__isnull", True)),
                name="password_reset_one_open",
                violation_error_message="这个账号已经有一份申请在等第二位管理员。",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                expressions=[
                    (
                        lib.dated.Days(
                            "first_day",
                            "last_day",
                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                inclusive_lower=True, inclusive_upper=True
                            ),
                        ),
                        "&&",
                    ),
                    ("user", "="),
                    ("role", "="),
                ],
                name="role_grant_once",
                violation_error_code="overlap",
                violation_error_message="这个人这段日子已经有这个角色了。",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day", None), ("last_day__gte", models.F("first_day")), _connector="OR"),
                name="role_grant_days",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("checked_by__isnull", True),
                    models.Q(("checked_by", models.F("granted_by")), _negated=True),
                    _connector="OR",
                ),
                name="role_grant_two_people",
                violation_error_message="授予和复核要两个人。",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("checked_at__isnull", True), ("checked_by__isnull", True)),
                    models.Q(("checked_at__isnull", False), ("checked_by__isnull", False)),
                    _connector="OR",
                ),
                name="role_grant_checked_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("origin", "person"), _negated=True), ("granted_by__isnull", False), _connector="OR"
                ),
                name="role_grant_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(("withdrawn_at__isnull", True), ("checked_at__isnull", True), _connector="OR"),
                name="role_grant_withdrawn_unchecked",
                violation_error_message="复核过的角色不能撤回，只能定一个最后一天。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rolegrant",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_rolegrantevent" ("checked_at", "checked_by_id", "first_day", "granted_by_id", "id", "last_day", "origin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "role", "user_id", "withdrawn_at") VALUES (NEW."checked_at", NEW."checked_by_id", NEW."first_day", NEW."granted_by_id", NEW."id", NEW."last_day", NEW."origin", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."role", NEW."user_id", NEW."withdrawn_at"); RETURN NULL;',
                    hash="3c4c733eae9ec5a8f394c28dd601f3b4b10c07b4",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_77ca7",
                    table="accounts_rolegrant",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rolegrant",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "accounts_rolegrantevent" ("checked_at", "checked_by_id", "first_day", "granted_by_id", "id", "last_day", "origin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "role", "user_id", "withdrawn_at") VALUES (NEW."checked_at", NEW."checked_by_id", NEW."first_day", NEW."granted_by_id", NEW."id", NEW."last_day", NEW."origin", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."role", NEW."user_id", NEW."withdrawn_at"); RETURN NULL;',
                    hash="a042156a1e0d6a595d4eae542417253259ab5e10",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f0e9e",
                    table="accounts_rolegrant",
                    when="AFTER",
                ),
            ),
        ),
    ]
