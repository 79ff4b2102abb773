"""The matrix is read from the code, and docs/access.md is what it says."""

from io import StringIO

from django.core.management import call_command
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts import who_can
from accounts.access import cadre_only, firm_only, station_only
from accounts.management.commands.who_can import PLACE
from accounts.roles import Act, Role


def test_the_document_is_what_the_code_says():
    assert PLACE.read_text() == who_can.matrix(), "run manage.py who_can --write"


def test_the_command_prints_it():
    out = StringIO()
    call_command("who_can", stdout=out)
    assert out.getvalue().strip() == who_can.matrix().strip()


def test_every_page_every_act_and_every_role_is_in_it():
    matrix = who_can.matrix()
    assert "`accounts:sign-in`" in matrix and "`/account/resets/<int:pk>/approve/`" in matrix
    assert all(act.value in matrix for act in Act) and "accounts.rolegrant" in matrix


def test_every_page_has_one_audience_and_says_its_methods():
    assert [page.name for page in who_can.pages() if page.audience is None or page.methods is None] == []


def test_methods_are_read_through_the_audience():
    @(cadre_only | firm_only)
    @require_http_methods(["GET", "POST"])
    def view(request):
        return HttpResponse()

    assert who_can.methods_of(view) == {"GET", "POST"} and who_can.methods_of(len) is None
    assert view.audience.name == "cadre_only|firm_only"


def test_two_audiences_joined_let_in_both():
    both = cadre_only | station_only
    assert both.roles == {Role.CADRE, Role.STATION_HEAD, Role.STATION_CLERK}
