"""Owners' committees: the list, the ones that are missing, one committee with all that is known of it. R04, R05"""

from datetime import date
from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import cadre_only, committee_only, leader_only, office_only, station_only
from accounts.roles import Act, demand, may
from lib.paging import A_PAGE, page_of
from lib.periods import DAY, beijing_date

from .. import committee_board, committees, elections
from ..forms import (
    BranchForm,
    CommitteeFilter,
    CommitteeForm,
    ConcernForm,
    ElectionForm,
    EndForm,
    FilingForm,
    MemberEndForm,
    MemberForm,
    PlaceFilter,
    SettleForm,
    StepsForm,
    StopForm,
)
from ..models import (
    CommitteeConcern,
    CommitteeElection,
    CommitteeMember,
    Community,
    OwnersCommittee,
    VillageCommittee,
)
from .acts import act_page, attempt, done, posted

staff = cadre_only | station_only | office_only | leader_only
keepers = station_only | office_only
readers = staff | committee_only
form_methods = require_http_methods(["GET", "HEAD", "POST"])


def _today() -> date:
    return beijing_date(timezone.now())


# ---------------------------------------------------------------- lists


def _filtered(request: HttpRequest) -> tuple[CommitteeFilter, object]:
    form = CommitteeFilter(request.GET, villages=VillageCommittee.objects.visible_to(request.user))
    communities = form.narrow(Community.objects.overseen_by(request.user).standing(_today()))
    return form, committee_board.in_state(communities, form.state_asked, today=_today())


@staff
@require_safe
def committee_list(request: HttpRequest) -> HttpResponse:
    """Communities with their committee of today: term, filing, what is wrong."""
    form, communities = _filtered(request)
    page = page_of(communities.select_related("village_committee"), request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": committee_board.rows(page.object_list, today=_today()),
        "missing": Community.objects.overseen_by(request.user).standing(_today()).without_committee(_today()).count(),
    }
    return render(request, "communities/committee_list.html", context)


@staff
@require_safe
def committee_list_export(request: HttpRequest) -> HttpResponse:
    """The filtered list as a workbook."""
    _, communities = _filtered(request)
    return committee_board.export(communities.select_related("village_committee"), by=request.user, today=_today())


@staff
@require_safe
def committee_watch(request: HttpRequest) -> HttpResponse:
    """应成立而未成立: communities without a committee, and elections under way, with their steps and days. R05"""
    form = PlaceFilter(request.GET, villages=VillageCommittee.objects.visible_to(request.user))
    communities = form.narrow(Community.objects.overseen_by(request.user).standing(_today()))
    places = elections.watched(communities.select_related("village_committee"), today=_today())
    page = Paginator(places, A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "today": _today(), "may_act": may(request.user, Act.REGISTRY)}
    return render(request, "communities/committee_watch.html", context)


@committee_only
@require_safe
def own_committee(request: HttpRequest) -> HttpResponse:
    """A member's home: the committee in which they sit today."""
    seat = CommitteeMember.objects.on(_today()).filter(person__user=request.user).select_related("committee").first()
    return redirect(seat.committee) if seat else render(request, "communities/own_committee.html")


# ---------------------------------------------------------------- one committee


def _committee(request: HttpRequest, pk: int) -> OwnersCommittee:
    rows = OwnersCommittee.objects.visible_to(request.user).select_related("community__village_committee")
    return get_object_or_404(rows, pk=pk)


@readers
@require_safe
def committee_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One term: members, filing, party branch, what is wrong, registers, the hand-over list."""
    committee = _committee(request, pk)
    context = committee_board.page_of_committee(committee, request.user, today=_today())
    return render(request, "communities/committee_detail.html", context)


@keepers
@form_methods
def committee_new(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.REGISTRY)
    community = _kept(request, pk)
    last = community.committees.order_by("-number").first()
    form = CommitteeForm(posted(request), initial={"number": last.number + 1 if last else 1})
    if done(request, form, partial(committees.begin, community=community)):
        messages.success(request, "这一届业委会登记好了。接下来登记委员。")
        return redirect(community.committees.get(number=form.cleaned_data["number"]))
    text = "原来那一届到前一天为止，它的移交清单会同时开出来。"
    back = reverse("communities:committee-watch")
    return act_page(request, form, title=f"{community}登记业委会", act="登记", text=text if last else "", back=back)


def _kept(request: HttpRequest, pk: int) -> Community:
    return get_object_or_404(Community.objects.kept_by(request.user), pk=pk)


@keepers
@form_methods
def committee_amend(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.REGISTRY)
    committee = _committee(request, pk)
    names = FilingForm.base_fields
    form = FilingForm(posted(request), initial={name: getattr(committee, name) for name in names})
    if done(request, form, partial(committees.amend, committee=committee)):
        messages.success(request, "记下了。")
        return redirect(committee)
    text = f"选出后 {(committees.filing_due(committee) - committee.elected_on).days} 天内备案。"
    return act_page(request, form, title=f"{committee}的备案和资料", act="存上", text=text, back=_at(committee))


def _at(row) -> str:
    return row.get_absolute_url()


@keepers
@form_methods
def committee_end(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.REGISTRY)
    committee = _committee(request, pk)
    form = EndForm(posted(request), initial={"last_day": _today()})
    if done(request, form, partial(committees.end, committee=committee)):
        messages.success(request, "任期改好了，移交清单开好了。")
        return redirect(committee)
    text = "委员的账号到这一天为止，移交清单同时开出来。"
    words = {"title": f"{committee}提前结束", "act": "就到这一天", "text": text, "danger": True}
    return act_page(request, form, back=_at(committee), **words)


# ---------------------------------------------------------------- members


@keepers
@form_methods
def member_new(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.REGISTRY)
    committee = _committee(request, pk)
    form = MemberForm(posted(request), initial={"first_day": committee.first_day})
    if done(request, form, partial(committees.seat, committee=committee)):
        messages.success(request, f"{form.cleaned_data['name']}登记好了。")
        return redirect(committee)
    return act_page(request, form, title=f"{committee}登记委员", act="登记", back=_at(committee))


def _member(request: HttpRequest, pk: int) -> CommitteeMember:
    rows = CommitteeMember.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("committee__community", "person__phone", "person__user"), pk=pk)


@keepers
@form_methods
def member_end(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.REGISTRY)
    member = _member(request, pk)
    form = MemberEndForm(posted(request), initial={"last_day": _today()})
    if done(request, form, partial(committees.unseat, member=member)):
        messages.success(request, f"{member.person}到这一天为止。缺了委员，可以在“成立和换届”里办增补。")
        return redirect(member.committee)
    words = {"title": f"{member.person}不再担任{member.get_post_display()}", "act": "就到这一天"}
    return act_page(request, form, back=_at(member.committee), **words)


@readers
@require_POST
def member_consent(request: HttpRequest, pk: int) -> HttpResponse:
    """The member's own number is shown to everybody only with their consent; they or the station note it."""
    member, agrees = _member(request, pk), request.POST.get("agrees") == "yes"
    said = "记下了：本人同意公布电话，通讯录里看得到。" if agrees else "记下了：电话不再公布。"
    attempt(request, partial(committees.consent, member=member, agrees=agrees), said)
    return redirect(member.committee)


# ---------------------------------------------------------------- what is wrong


@keepers
@form_methods
def concern_new(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.REGISTRY)
    committee = _committee(request, pk)
    form = ConcernForm(posted(request), initial={"first_day": _today()})
    if done(request, form, partial(committees.note_concern, committee=committee)):
        messages.success(request, "记下了，办结以前都列在业委会名单里。")
        return redirect(committee)
    text = "写事实，业委会自己也看得到。决定违法的，写责令改正或撤销决定的文书号。"
    return act_page(request, form, title=f"{committee}有什么问题", act="记下", text=text, back=_at(committee))


@keepers
@form_methods
def concern_settle(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.REGISTRY)
    rows = CommitteeConcern.objects.visible_to(request.user).select_related("committee__community")
    concern = get_object_or_404(rows, pk=pk)
    form = SettleForm(posted(request))
    if done(request, form, partial(committees.settle_concern, concern=concern)):
        messages.success(request, "办结了。")
        return redirect(concern.committee)
    words = {"title": f"办结：{concern.get_kind_display()}", "act": "办结", "text": concern.reason}
    return act_page(request, form, back=_at(concern.committee), **words)


# ---------------------------------------------------------------- a committee on its way

WATCH = "communities:committee-watch"


@keepers
@form_methods
def election_new(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.REGISTRY)
    community = _kept(request, pk)
    form = ElectionForm(posted(request), initial={"ready_on": _today()})
    if done(request, form, partial(elections.start, community=community)):
        messages.success(request, f"{community}列进来了，期限从起算日算。")
        return redirect(WATCH)
    text = "不具备条件的也先列进来，再写明为什么不办，以后看得到。"
    words = {"title": f"{community}成立业委会或换届", "act": "列进来", "text": text}
    return act_page(request, form, back=reverse(WATCH), **words)


def _election(request: HttpRequest, pk: int) -> CommitteeElection:
    rows = CommitteeElection.objects.visible_to(request.user).running().select_related("community")
    return get_object_or_404(rows, pk=pk)


@keepers
@form_methods
def election_steps(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.REGISTRY)
    election = _election(request, pk)
    form = StepsForm(posted(request), initial={name: getattr(election, name) for name in StepsForm.base_fields})
    if done(request, form, partial(elections.go_on, election=election)):
        messages.success(request, "记下了。")
        return redirect(WATCH)
    text = "走到哪一步写到哪一步。人选联审只记人数，不记名字。"
    return act_page(request, form, title=f"{election}到哪一步了", act="记下", text=text, back=reverse(WATCH))


@keepers
@form_methods
def election_stop(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.REGISTRY)
    election = _election(request, pk)
    form = StopForm(posted(request))
    if done(request, form, partial(elections.stop, election=election)):
        messages.success(request, "记下了，原因写在名单上。")
        return redirect(WATCH)
    return act_page(request, form, title=f"{election}不办了", act="不办了", back=reverse(WATCH), danger=True)


@keepers
@require_POST
def election_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Empty seats were filled; a first committee and a re-election are done when the committee is registered."""
    demand(request.user, Act.REGISTRY)
    election = _election(request, pk)
    finish = partial(elections.finish_by_election, election=election)
    is_done = attempt(request, finish, "增补办完了，接下来登记补上的委员。")
    return redirect(election.committee if is_done else WATCH)


@keepers
@form_methods
def branch_new(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.REGISTRY)
    community = _kept(request, pk)
    now = community.party_branches.on(_today()).first()
    initial = {
        "first_day": _today() + DAY if now else _today(),
        "name": now.name if now else f"{community}业委会党支部",
    }
    form = BranchForm(posted(request), initial=initial)
    committee = community.committees.on(_today()).first()
    back = _at(committee) if committee else reverse("communities:committee-list")
    if done(request, form, partial(committees.found_branch, community=community)):
        messages.success(request, "记下了，书记是这一天的联系干部。")
        return redirect(back)
    linked = committees.linked_cadre(community, _today())
    text = f"书记由联系干部担任，现在是{linked}。" if linked else "书记由联系干部担任，这个小区现在没有联系干部。"
    return act_page(request, form, title=f"{community}党支部", act="记下", text=text, back=back)
