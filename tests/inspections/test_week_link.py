"""Where the link in a chat group leads."""

import pytest
from django.urls import reverse

LINK = reverse("inspections:week-link")


@pytest.mark.parametrize(
    ("who", "where"),
    [
        ("clerk", "/patrols/board/?week=2026-11-16"),
        ("station_head", "/patrols/board/?week=2026-11-16"),
        ("leader", "/patrols/board/?week=2026-11-16"),
        ("cadre", "/patrols/week/?week=2026-11-16"),
        ("firm", "/"),
    ],
)
def test_to_what_one_may_read(as_, request, who, where):
    answer = as_(request.getfixturevalue(who)).get(LINK, {"week": "2026-11-16"})
    assert (answer.status_code, answer["Location"]) == (302, where)


def test_strangers_sign_in_first(stranger):
    answer = stranger.get(LINK, {"week": "2026-11-16"})
    assert answer["Location"].startswith("/account/sign-in/") and "week" in answer["Location"]


def test_only_to_be_looked_at(as_clerk):
    assert as_clerk.post(LINK).status_code == 405
