"""Group robots: only the key is typed, only public words go there, twenty a minute at most."""

import base64
import hashlib
import hmac
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from accounts import notifications, sending
from accounts.channels import Down, Later, Letter, Logged, Refused, robots
from accounts.models import Line, Message, Robot

KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
LETTER = Letter("message-3", "群", "", "上一周：14 个小区，12 个巡够了。", "https://x.cn/")
URL = "/admin/accounts/robot/"


@pytest.fixture
def groups(gateway, monkeypatch):
    """Both companies' hosts, on this machine."""
    for kind in robots.HOSTS:
        monkeypatch.setitem(robots.HOSTS, kind, gateway.url)
    return gateway


@pytest.fixture
def robot(db):
    return Robot.objects.create(name="镇物业办群", kind="wecom", key=KEY, is_on=True)


@pytest.fixture
def public(kind):
    return kind("public", robot=lambda message: "14 个小区，12 个巡够了。", urgent=True)


def the_query(post) -> dict:
    return {name: value for name, (value,) in parse_qs(urlsplit(post.path).query).items()}


class TestTheChannel:
    def test_wecom(self, groups):
        robots.Robot(kind="wecom", key=KEY, outward=True).send(LETTER)
        (post,) = groups.posts
        assert post.path == f"/cgi-bin/webhook/send?key={KEY}"
        assert post.data == {"msgtype": "text", "text": {"content": f"{LETTER.body}\nhttps://x.cn/"}}

    def test_dingtalk_signed(self, groups):
        robots.Robot(kind="dingtalk", key=KEY, secret="SECabc", outward=True).send(LETTER)
        query = the_query(groups.posts[0])
        signed = hmac.new(b"SECabc", f"{query['timestamp']}\nSECabc".encode(), hashlib.sha256).digest()
        assert query["access_token"] == KEY and query["sign"] == base64.b64encode(signed).decode()

    def test_dingtalk_without_signature(self, groups):
        robots.Robot(kind="dingtalk", key=KEY, outward=True).send(LETTER)
        assert the_query(groups.posts[0]) == {"access_token": KEY}

    @pytest.mark.parametrize(("code", "fault"), [(93000, Down), (310000, Down), (45009, Later), (130101, Later)])
    def test_refusals_come_with_status_200(self, groups, code, fault):
        groups.moods = [(200, {"errcode": code, "errmsg": "不行"})]
        with pytest.raises(fault):
            robots.Robot(kind="wecom", key=KEY, outward=True).send(LETTER)

    @pytest.mark.parametrize(
        "words",
        ["打 13800138000", "打 0578-8800123", "身份证 330326199001011234", "车牌 浙C12345", "浙CD12345", "写 a@x.cn"],
    )
    def test_numbers_of_people_never_leave(self, groups, words):
        with pytest.raises(Refused):
            robots.Robot(kind="wecom", key=KEY, outward=True).send(LETTER._replace(body=words))
        assert not groups.posts

    def test_in_a_demo_town_nothing_leaves(self, groups):
        assert isinstance(robots.Robot(kind="wecom", key=KEY, outward=False).send(LETTER), Logged)
        assert not groups.posts

    def test_the_hosts_are_those_of_the_two_companies(self):
        assert set(robots.HOSTS.values()) == {"https://qyapi.weixin.qq.com", "https://oapi.dingtalk.com"}


class TestTelling:
    def test_the_groups_of_the_office_once(self, robot, public, groups, cadre_account, now):
        for _ in range(2):
            notifications.tell_robots(public, about=cadre_account, due=now)
        assert (sending.send_due(now), len(groups.posts)) == (1, 1)
        content = groups.posts[0].data["text"]["content"]
        assert "12 个巡够了" in content and cadre_account.name not in content

    def test_a_station_has_its_own(self, robot, public, cadre_account, now):
        own = Robot.objects.create(
            name="站群", kind="dingtalk", key=KEY, is_on=True, label="accounts.user", label_key=str(cadre_account.pk)
        )
        notifications.tell_robots(public, about=cadre_account, scope=cadre_account, due=now)
        assert [message.robot for message in Message.objects.all()] == [own]

    def test_one_that_is_off_is_told_nothing(self, robot, public, groups, cadre_account, now):
        notifications.tell_robots(public, about=cadre_account, due=now)
        Robot.objects.update(is_on=False)
        notifications.tell_robots(public, about=cadre_account, round=1, due=now)
        assert sending.send_due(now) == 0 and not groups.posts
        assert [message.state for message in Message.objects.all()] == ["dropped"]

    def test_what_is_not_public_never_goes(self, robot, kind, cadre_account, now):
        with pytest.raises(KeyError, match="not public"):
            notifications.tell_robots(kind("private"), about=cadre_account, due=now)

    def test_twenty_a_minute(self, robot, public, groups, cadre_account, now):
        for n in range(23):
            notifications.tell_robots(public, about=cadre_account, round=n, due=now)
        assert sending.send_due(now) == 20 and sending.send_due(now + timedelta(seconds=30)) == 0
        assert sending.send_due(now + timedelta(seconds=61)) == 3

    def test_a_key_that_is_void_rests_alone(self, robot, public, groups, cadre_account, now):
        Robot.objects.create(name="城东社区群", kind="wecom", key=KEY, is_on=True)
        notifications.tell_robots(public, about=cadre_account, due=now)
        groups.moods = [(200, {"errcode": 93000, "errmsg": "invalid webhook url"})]
        assert sending.send_due(now) == 1
        failed = Message.objects.exclude(error="").get()
        assert [line.name for line in Line.objects.down()] == [failed.line]


class TestTheAdmin:
    @pytest.fixture
    def boss(self, as_, administrator):
        return as_(administrator)

    FORM = {"name": "城东群", "kind": "wecom", "scope": "", "new_key": KEY, "new_secret": "", "is_on": "on"}

    def test_a_robot_for_a_station(self, boss, village):
        form = {**self.FORM, "scope": f"communities.villagecommittee:{village.pk}"}
        assert boss.post(f"{URL}add/", form).status_code == 302
        robot = Robot.objects.get()
        assert (robot.label, robot.label_key) == ("communities.villagecommittee", str(village.pk))
        assert "城东社区物管站" in boss.get(URL).content.decode()

    def test_the_key_is_never_shown_again(self, boss, robot):
        for url in (URL, f"{URL}{robot.pk}/change/", f"{URL}{robot.pk}/history/"):
            assert KEY not in boss.get(url).content.decode()

    def test_an_empty_key_keeps_the_old_one(self, boss, robot):
        boss.post(f"{URL}{robot.pk}/change/", {**self.FORM, "new_key": "", "is_on": ""})
        robot.refresh_from_db()
        assert (robot.key, robot.name, robot.is_on) == (KEY, "城东群", False)

    @pytest.mark.parametrize("typed", ["", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc", "kurz"])
    def test_only_a_key_is_taken(self, boss, typed):
        page = boss.post(f"{URL}add/", {**self.FORM, "new_key": typed})
        assert page.status_code == 200 and not Robot.objects.exists()

    def test_wecom_has_no_secret(self, boss):
        page = boss.post(f"{URL}add/", {**self.FORM, "new_secret": "SECabc"})
        assert "只有钉钉" in page.content.decode() and not Robot.objects.exists()

    def test_the_clerk_sees_them_and_changes_nothing(self, as_, clerk, robot):
        client = as_(clerk)
        assert client.get(URL).status_code == 200 and client.get(f"{URL}add/").status_code == 403
        page = client.get(f"{URL}{robot.pk}/change/").content.decode()
        assert "镇物业办群" in page and KEY not in page
        assert client.post(f"{URL}{robot.pk}/change/", self.FORM).status_code == 403
