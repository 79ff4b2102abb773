"""Every night the ledger is proved; a wrong row is told to those who must act, once."""

import pytest

from accounts.models import Message
from maintenance_fund import alarms, tasks
from maintenance_fund.models import DayHead


def test_a_sound_ledger_tells_nobody(opened, fund_checker, now):
    assert alarms.prove(now=now).wrong == []
    assert not Message.objects.filter(kind=alarms.KIND).exists()


@pytest.mark.django_db(transaction=True)
def test_a_changed_row_is_told_once(opened, owner, fund_clerk, fund_checker, town_head, cadre, now):
    owner.execute("SET session_replication_role = replica")
    owner.execute("UPDATE maintenance_fund_line SET credit = credit + 1 WHERE credit > 0")
    for _ in range(2):
        (wrong,) = alarms.prove(now=now).wrong
    assert opened.number in str(wrong)
    told = set(Message.objects.filter(kind=alarms.KIND, channel="inbox").values_list("user__username", flat=True))
    assert told == {"jingban", "fuhe", "zhao"}
    message = Message.objects.filter(kind=alarms.KIND, channel="inbox").first()
    assert "ledger_verify" in alarms.text(message).body


def test_tasks_run_twice_and_change_nothing_more(opened):
    for _ in range(2):
        tasks.publish_heads()
        tasks.settle_renewals()
        tasks.prove_ledger()
    assert DayHead.objects.count() == 1
