"""The defaults of DOMAIN L with their sources. Our own designs begin on 2004-01-01, so that old plans have them."""

from datetime import date

from django.db import migrations

FIRST_DAY = date(2004, 1, 1)
TOWN, CITY, PROVINCE, NATION = "town", "city", "province", "nation"
JURISDICTIONS = [
    (TOWN, "本镇", "town"),
    (CITY, "温州市", "city"),
    (PROVINCE, "浙江省", "province"),
    (NATION, "国家", "nation"),
]
OURS = "本系统拟定的做法，镇物业办可以改"
PLAN_1 = "《物业工作方案》（方案一）四（二）"
PLAN_4 = "《物业管理提升方案》（方案四）"
PLAN_6 = "《创卫小区环境整治方案》（方案六）"
PLAN_8 = "《法制宣传方案》（方案八）"
FUND = "《温州市物业专项维修资金管理办法》"
WENZHOU = "《温州市物业管理条例》"
NATIONAL = "《物业管理条例》"
PETITION = "《信访工作条例》"

# key, kind, unit, value, jurisdiction, basis, the source's own words
ROWS = [
    (
        "patrol.weekly_quota",
        "integer",
        "次",
        3,
        TOWN,
        PLAN_1,
        "每个包区村居干部每周不少于三次，针对联系小区日常管理中环境卫生、乱堆乱放、车辆管理、消防安全、违章搭建等开展巡查，填写巡查记录单。",
    ),
    ("patrol.quota_scope", "choice", "", "PER_COMMUNITY", TOWN, OURS, ""),
    ("patrol.submit_grace_workdays", "integer", "个工作日", 1, TOWN, OURS, ""),
    ("patrol.remind_hours", "week-times", "", [[4, "16:00"], [5, "09:00"]], TOWN, OURS, ""),
    ("finding.root_cause", "pair", "{1} 天内 {0} 次", [3, 60], TOWN, OURS, ""),
    ("finding.soon_after_hours", "integer", "小时", 48, TOWN, OURS, ""),
    ("equipment.remind_days", "list", "天", [30, 7], TOWN, OURS, ""),
    ("patrol.deemed_receipt_workdays", "integer", "个工作日", 1, TOWN, OURS, ""),
    ("rectify.general", "integer", "个工作日", 3, TOWN, OURS, ""),
    ("rectify.serious", "integer", "个工作日", 5, TOWN, OURS, ""),
    ("rectify.major", "integer", "个工作日", 15, TOWN, OURS, ""),
    ("rectify.reissue.general", "integer", "个工作日", 2, TOWN, OURS, ""),
    ("rectify.reissue.serious", "integer", "个工作日", 3, TOWN, OURS, ""),
    ("rectify.reissue.major", "integer", "个工作日", 5, TOWN, OURS, ""),
    ("rectify.major_interim_hours", "integer", "小时", 24, TOWN, OURS, ""),
    ("hazard.plan_wd", "integer", "个工作日", 2, TOWN, OURS, ""),
    ("recheck.workdays", "integer", "个工作日", 3, TOWN, OURS, ""),
    ("notice.objection_wd", "integer", "个工作日", 2, TOWN, OURS, ""),
    ("notice.objection_decide_wd", "integer", "个工作日", 3, TOWN, OURS, ""),
    ("escalate.overdue_workdays", "integer", "个工作日", 5, TOWN, OURS, ""),
    ("escalate.failed_rechecks", "integer", "次", 2, TOWN, OURS, ""),
    ("transfer.chase_wd", "integer", "个工作日", 10, TOWN, OURS, ""),
    ("selfreport.repeat_days", "integer", "天", 30, TOWN, OURS, ""),
    ("meeting.written_when_quiet", "yes-no", "", True, TOWN, OURS, ""),
    ("campaign.warn_wd", "list", "个工作日", [3, 1], TOWN, OURS, ""),
    ("campaign.lookback_weeks", "integer", "周", 4, TOWN, OURS, ""),
    ("campaign.plan_remind_wd", "integer", "个工作日", 10, TOWN, OURS, ""),
    ("score.table.settlement", "choice", "", "ST-2026-S", TOWN, OURS, ""),
    ("score.table.developed", "choice", "", "ST-2026-D", TOWN, OURS, ""),
    ("score.veto_cap_deci", "integer", "0.1分", 599, TOWN, OURS, ""),
    ("score.issued_cap_bp", "integer", "bp", 6000, TOWN, OURS, ""),
    ("score.overdue_repeat_wd", "integer", "个工作日", 5, TOWN, OURS, ""),
    ("score.size_bp", "integer", "bp", 10000, TOWN, OURS, ""),
    ("score.factor.general", "integer", "倍", 1, TOWN, OURS, ""),
    ("score.factor.serious", "integer", "倍", 2, TOWN, OURS, ""),
    ("score.factor.major", "integer", "倍", 3, TOWN, OURS, ""),
    ("score.min_service_days", "integer", "天", 15, TOWN, OURS, ""),
    ("score.inspected_ratio", "ratio", "", [2, 3], TOWN, OURS, ""),
    ("score.draft_wd", "integer", "个工作日", 3, TOWN, OURS, ""),
    ("score.check_wd", "integer", "个工作日", 6, TOWN, OURS, ""),
    ("appeal.window_wd", "integer", "个工作日", 5, TOWN, OURS, ""),
    ("appeal.decide_wd", "integer", "个工作日", 5, TOWN, OURS, ""),
    ("publish.days", "integer", "天", 7, TOWN, OURS, ""),
    ("deposit.opening_bp.settlement", "integer", "bp", 500, TOWN, OURS, ""),
    ("deposit.opening_bp.developed", "integer", "bp", 500, TOWN, OURS, ""),
    ("deposit.replenish_below", "ratio", "", [1, 2], TOWN, OURS, ""),
    ("deposit.replenish_wd", "integer", "个工作日", 10, TOWN, OURS, ""),
    ("deposit.return_wd", "integer", "个工作日", 10, TOWN, OURS, ""),
    ("complaint.accept_wd", "integer", "个工作日", 1, TOWN, OURS, ""),
    ("complaint.firm_wd", "integer", "个工作日", 3, TOWN, OURS, ""),
    ("complaint.station_wd", "integer", "个工作日", 5, TOWN, OURS, ""),
    ("complaint.town_wd", "integer", "个工作日", 10, TOWN, OURS, ""),
    ("complaint.urgent_hours", "integer", "小时", 24, TOWN, OURS, ""),
    ("complaint.life_minutes", "integer", "分钟", 30, TOWN, OURS, ""),
    (
        "complaint.repair_same_day",
        "choices",
        "",
        ["water", "electricity"],
        TOWN,
        PLAN_6,
        "工作人员全天候值班，报修及时（水电小修不过夜）。",
    ),
    ("complaint.pause_wait_wd", "integer", "个工作日", 5, TOWN, OURS, ""),
    ("complaint.autoclose_wd", "integer", "个工作日", 10, TOWN, OURS, ""),
    ("complaint.reopen_wd", "integer", "个工作日", 10, TOWN, OURS, ""),
    ("complaint.max_reopen", "integer", "次", 2, TOWN, OURS, ""),
    ("complaint.merge_days", "integer", "天", 30, TOWN, OURS, ""),
    ("complaint.similar_days", "integer", "天", 14, TOWN, OURS, ""),
    ("complaint.anonymise_days", "integer", "天", 1095, TOWN, OURS, ""),
    (
        "mailbox.days",
        "integer",
        "天",
        2,
        TOWN,
        f"{PLAN_8}房地万事通信箱",
        "根据法制楼组居民或其他市民的提问，在二天内以电子邮件的方式回答。",
    ),
    ("petition.notice_days", "integer", "天", 15, NATION, f"{PETITION}第二十二条", ""),
    ("petition.decide_days", "integer", "天", 60, NATION, f"{PETITION}第三十四条", ""),
    ("petition.extend_days", "integer", "天", 30, NATION, f"{PETITION}第三十四条", ""),
    (
        "fund.rate_bp.multi",
        "integer",
        "bp",
        500,
        CITY,
        f"{FUND}第六条",
        "多层为每平方米建筑安装平均造价的5%，小高层、高层为每平方米建筑安装平均造价的6%。",
    ),
    (
        "fund.rate_bp.high",
        "integer",
        "bp",
        600,
        CITY,
        f"{FUND}第六条",
        "多层为每平方米建筑安装平均造价的5%，小高层、高层为每平方米建筑安装平均造价的6%。",
    ),
    ("fund.floor_limit_multi", "integer", "层", 6, TOWN, OURS, ""),
    (
        "settlement.permit_cutoff",
        "date",
        "",
        None,
        CITY,
        f"{FUND}第七条",
        "原文的年份缺失，确认前不填，系统不会据此记账。",
    ),
    (
        "fund.renewal_ratio",
        "ratio",
        "",
        [3, 10],
        CITY,
        f"{FUND}第十三条；{WENZHOU}第四十二条",
        "业主分户账面专项维修资金余额不足首期交存额30%的，业主应当续交维修资金。",
    ),
    (
        "fund.renewal_days",
        "integer",
        "天",
        90,
        CITY,
        f"{FUND}第十三条",
        "业主应当在收到续交通知之日起90日内将维修资金存入专项维修资金专户。",
    ),
    (
        "fund.handover_wd",
        "integer",
        "个工作日",
        10,
        CITY,
        f"{FUND}第十二条",
        "维修资金管理机构应当在收到上述材料之日起10个工作日内，通知专户管理银行将该专项维修资金本息划转。",
    ),
    ("fund.emergency_bp", "integer", "bp", 500, CITY, f"{WENZHOU}第四十三条至第四十五条", ""),
    ("fund.emergency_review_wd", "integer", "个工作日", 2, CITY, f"{WENZHOU}第四十三条至第四十五条", ""),
    ("fund.advance_bp", "integer", "bp", 3000, TOWN, OURS, ""),
    ("fund.progress_bp", "integer", "bp", 8000, TOWN, OURS, ""),
    ("fund.retention_bp", "integer", "bp", 300, TOWN, OURS, ""),
    ("fund.audit_from_fen", "integer", "fen", 5000000, TOWN, OURS, ""),
    ("fund.third_approver_from_fen", "integer", "fen", 5000000, TOWN, OURS, ""),
    ("fund.collector_pass_on_wd", "integer", "个工作日", 3, TOWN, OURS, ""),
    ("fund.publicise_days", "integer", "天", 7, TOWN, OURS, ""),
    ("fund.share_publish_days", "integer", "天", 7, TOWN, OURS, ""),
    ("fund.objection_wd", "integer", "个工作日", 10, TOWN, OURS, ""),
    ("fund.disclosure_due", "month-day", "", "03-31", TOWN, OURS, ""),
    ("vote.notice_days", "integer", "天", 15, NATION, f"{NATIONAL}第十四条", ""),
    ("vote.extension_days", "integer", "天", 15, TOWN, OURS, ""),
    ("vote.result_publish_days", "integer", "天", 7, TOWN, OURS, ""),
    ("vote.confirm_wd", "integer", "个工作日", 5, TOWN, OURS, ""),
    ("vote.dominant_share", "ratio", "", [1, 3], TOWN, OURS, ""),
    ("assembly.extraordinary", "ratio", "", [1, 5], NATION, f"{NATIONAL}第十三条", ""),
    ("committee.agenda_days", "integer", "天", 7, TOWN, OURS, ""),
    ("committee.term_years", "range", "年", [3, 5], CITY, f"{WENZHOU}第二十三条", ""),
    ("committee.term_warn_days", "integer", "天", 60, TOWN, OURS, ""),
    ("committee.election_months", "integer", "个月", 2, TOWN, OURS, ""),
    ("committee.prepare_days", "list", "天", [60, 90], TOWN, OURS, ""),
    ("committee.filing_days", "integer", "天", 30, NATION, f"{NATIONAL}第十六条", ""),
    (
        "prep_money.fen_per_m2",
        "integer",
        "fen/m²",
        100,
        TOWN,
        f"{PLAN_4}15",
        "按总建筑面积每平方米1元归集首次业主大会筹备经费。",
    ),
    (
        "board.min_area_centi",
        "integer",
        "0.01m²",
        400,
        TOWN,
        f"{PLAN_4}13",
        "“物业管理信息公开栏”面积应当不少于4平方米。",
    ),
    ("premises.permille", "integer", "‰", 7, PROVINCE, "《浙江省物业管理条例》第二十六条", ""),
    ("notify.working_hours", "hours", "", ["08:30", "17:30"], TOWN, OURS, ""),
]


def enter(apps, editor):
    Jurisdiction, Rule = apps.get_model("rulebook", "Jurisdiction"), apps.get_model("rulebook", "Rule")  # noqa: N806
    of = {code: Jurisdiction.objects.create(code=code, name=name, level=level) for code, name, level in JURISDICTIONS}
    Rule.objects.bulk_create(
        Rule(
            key=key,
            kind=kind,
            unit=unit,
            value=value,
            jurisdiction=of[whose],
            basis=basis,
            article=article,
            first_day=FIRST_DAY,
            origin="migration",
        )
        for key, kind, unit, value, whose, basis, article in ROWS
    )


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0002_guards")]

    operations = [migrations.RunPython(enter)]
