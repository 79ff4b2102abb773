"""A partner unit takes on a problem of its community and says that it is done."""

from datetime import timedelta

from django.urls import reverse

from communities import claims, person_roles
from communities.models import ClaimedProblem, Person, ResidentGroup
from tests.browser import eyes


def test_a_partner_takes_one_on_and_does_it(signed_in, make_user, community, clerk, today, now):
    partner = make_user("wang", "汪结对")
    person = Person.objects.create(name="汪结对", user=partner)
    days = {"leader": person, "first_day": today - timedelta(days=30)}
    ResidentGroup.objects.create(community=community, kind="partner", name="演示·供电所", **days)
    person_roles.follow(person, now=now)
    claims.put_on_list(community=community, what="3幢路灯不亮", needs="两位电工", by=clerk, now=now)
    page = signed_in(partner)
    page.goto("/")
    page.wait_for_selector("text=3幢路灯不亮")
    eyes.look(page, "claim-list")
    page.click("text=3幢路灯不亮")
    page.click("main .p-acts a:has-text('认领')")
    eyes.look(page, "claim-take")
    page.fill("#id_due_on", str(today + timedelta(days=7)))
    page.click("main button:has-text('认领')")
    page.wait_for_selector("text=前办好")
    page.click("main a:has-text('办好了')")
    page.fill("#id_text", "换了三盏")
    page.click("main button:has-text('办好了')")
    page.wait_for_selector("text=换了三盏")
    eyes.look(page, "claim-detail")
    assert ClaimedProblem.objects.get().state == "done"
    page = signed_in(clerk)
    page.goto(reverse("communities:group-list", args=[community.pk]))
    eyes.look(page, "groups")
