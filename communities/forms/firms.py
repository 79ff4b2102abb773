"""What is typed about a firm's people."""

from django import forms

from communities.models import Community, FirmStaff

from .fields import choice_field, day_field, text_field


class StaffFields(forms.Form):
    """What may change later."""

    use_required_attribute = False

    job = choice_field("岗位", FirmStaff.Job.choices)
    community = forms.ModelChoiceField(
        Community.objects.none(), label="驻哪个小区", required=False, empty_label="不固定", help_text="项目负责人要选。"
    )
    badge = text_field("工号牌", 20)
    has_uniform = forms.BooleanField(label="有统一工装", required=False)

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["community"].queryset = places


class StaffForm(StaffFields):
    """Somebody who begins."""

    name = text_field("姓名", 50, needs="写上姓名。")
    number = text_field("手机号", 20, help_text="只有物业企业、物管站和物业办看得到。")
    first_day = day_field("从哪天起")

    field_order = ["name", "number", "job", "community", "badge", "has_uniform", "first_day"]


class StaffAmendForm(StaffFields):
    last_day = day_field("最后一天", required=False, help_text="离岗的写；还在岗就空着。")


class CertificateForm(forms.Form):
    use_required_attribute = False

    name = text_field("证书", 60, needs="写上是什么证书，比如消防设施操作员。")
    number = text_field("证书编号", 40)
    issued_on = day_field("发证日期", required=False)
    valid_until = day_field("有效期到", required=False, help_text="长期有效就空着。换了新证，编号一样的会更新。")


class FirmFilter(forms.Form):
    """Narrows the list of firms; whatever cannot be read narrows nothing."""

    q = forms.CharField(label="名称、拼音或首字母", required=False, max_length=50)
    only = forms.ChoiceField(
        label="只看", required=False, choices=[("", "全部"), ("over", "有证书到期的"), ("nobody", "没登记人员的")]
    )
