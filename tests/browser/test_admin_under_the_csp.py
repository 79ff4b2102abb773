"""Django's admin in the town's name: nothing of it is refused by the content security policy."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser import eyes


@pytest.fixture
def admin(page, signed_in, clerk, community):
    signed_in(clerk)
    page.goto(reverse("admin:index"))
    return page


def test_it_speaks_for_the_town_and_leads_back(admin):
    expect(admin.locator("#site-name")).to_have_text("荆溪镇物业办 系统管理")
    expect(admin.get_by_role("link", name="回到门户")).to_be_visible()
    eyes.shoot(admin, "admin")


def test_lists_and_forms_run_under_the_policy(admin, community):
    admin.goto(reverse("admin:communities_community_changelist"))
    admin.goto(reverse("admin:communities_community_change", args=[community.pk]))
    eyes.shoot(admin, "admin-community")
    admin.get_by_role("link", name="在门户中打开").click()
    expect(admin.get_by_role("heading", level=1)).to_contain_text(community.name)
