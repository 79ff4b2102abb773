"""``manage.py campaign_template``: lists, prints, keeps, opens. Issue 10 §1"""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from campaigns.models import Campaign, PlanTemplate
from tests.campaigns.conftest import day

pytestmark = pytest.mark.django_db


def run(*words) -> str:
    out = StringIO()
    call_command("campaign_template", *map(str, words), stdout=out)
    return out.getvalue()


@pytest.fixture
def own() -> dict:
    """A town's own template, made from plan 3."""
    body = PlanTemplate.objects.get(code="plan3").body
    return {"code": "town1", "title": "楼道堆物", "source": "镇里", "body": body | {"title": "楼道堆物整治"}}


@pytest.fixture
def file(tmp_path):
    def write(data) -> str:
        path = tmp_path / "template.json"
        path.write_text(data if isinstance(data, str) else json.dumps(data, ensure_ascii=False), encoding="utf-8")
        return path

    return write


def refused(*words) -> str:
    with pytest.raises(CommandError) as error:
        run(*words)
    assert error.value.returncode == 1
    return str(error.value)


# ---------------------------------------------------------------- listed and printed


def test_the_templates_with_their_phases():
    said = run()
    assert "plan3\t环境卫生综合整治（8 天）（方案三）" in said
    assert "    PUBLICITY 宣传动员 2020-01-31 至 2020-02-01" in said
    assert "上一阶段后 5 天" in said and "党的十八大闭幕" in said


def test_what_is_printed_can_be_loaded(file):
    data = json.loads(run("plan3"))
    assert data["body"] == PlanTemplate.objects.get(code="plan3").body
    assert "存下了" in run("--load", file(data | {"code": "town2"}))


def test_an_unknown_code_is_told_with_those_there_are():
    assert "没有编号是“plan9”的模板，有的是：" in refused("plan9")


# ---------------------------------------------------------------- kept


def test_an_own_template_is_kept_and_replaced(own, file):
    assert "town1 楼道堆物：存下了" in run("--load", file(own))
    assert "换成新的了" in run("--load", file(own | {"title": "楼道堆物二"}))
    assert PlanTemplate.objects.get(code="town1").title == "楼道堆物二"
    assert not Campaign.objects.exists() and not User.objects.filter(username="trial-of-template").exists()


def test_a_template_of_the_source_stays(own, file):
    assert "原来就有的模板" in refused("--load", file(own | {"code": "plan3"}))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "party"}, "kind 写"),
        ({"coffee": 1}, "不认识 coffee"),
        ({"phases": "x"}, "phases 要是一列对象"),
        ({"phases": [1]}, "phases 要是一列对象"),
        ({"phases": [{"name": "一"}]}, "至少一个阶段要有日期"),
        ({"phases": []}, "至少一个阶段要有日期"),
        ({"phases": [{"name": "一", "code": ["x"], "last": "2026-01-01"}]}, "放错了东西"),
        ({"assist": None}, "assist 要是一列对象"),
        ({"lead": "x"}, "lead 要是一个对象"),
        ({"items": 5}, "items 要是一列文字"),
        ({"title": "长" * 80}, "60"),
        ({"lead": {"name": "长" * 90, "whom": "office"}, "tasks": []}, "开不出方案"),
        ({"phases": [{"name": "一", "code": "A", "first": "2026-01-09", "last": "2026-01-01"}]}, "结束日期不能早于"),
    ],
)
def test_a_fault_is_a_sentence_and_nothing_is_kept(own, file, change, said):
    own["body"] = own["body"] | {"tasks": [], "steps": []} | change
    assert said in refused("--load", file(own))
    assert not PlanTemplate.objects.filter(code="town1").exists()


def test_phases_that_do_not_follow_are_refused_before_anybody_opens_them(own, file):
    own["body"] |= {
        "tasks": [], "steps": [],
        "phases": [
            {"code": "A", "name": "一", "first": "2026-01-01", "last": "2026-01-05"},
            {"code": "B", "name": "二", "first": "2026-01-09", "last": "2026-01-12"},
        ],
    }  # fmt: skip
    assert "要从“一”的最后一天" in refused("--load", file(own))


@pytest.mark.parametrize("text", ["", "{", "[]", "5", "\0", '{"code": 1}', '{"code": ["x"], "title": "x", "body": {}}'])
def test_a_file_that_is_none(file, text):
    assert refused("--load", file(text))


def test_a_file_that_is_not_there(tmp_path, file):
    assert "打不开" in refused("--load", tmp_path / "none.json")
    assert "只和文件一起用" in refused("plan3", "--load", file("{}"))


# ---------------------------------------------------------------- opened


def test_a_draft_from_the_command_line(clerk):
    said = run("plan3", "--starts-on", "2026-12-01", "--by", clerk.username)
    campaign = Campaign.objects.get()
    assert f"草案 {campaign.pk}：环境卫生综合整治" in said
    assert campaign.made_by == clerk and campaign.ordered_phases[0].first_day == day("2026-12-01")


def test_who_may_not_and_what_is_missing(clerk, cadre):
    assert "您的角色不能做这件事" in refused("plan3", "--starts-on", "2026-12-01", "--by", cadre.username)
    assert "没有用户名是“nobody”" in refused("plan3", "--starts-on", "2026-12-01", "--by", "nobody")
    assert "不是日期" in refused("plan3", "--starts-on", "12月1日", "--by", clerk.username)
    assert "要写 --starts-on" in refused("plan3", "--by", clerk.username)
    assert "没有编号" in refused("plan9", "--starts-on", "2026-12-01", "--by", clerk.username)
    assert not Campaign.objects.exists()
