"""A resident's way in, without an account: choose the place, say what and where, how to be reached, check, done."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limits, puzzles
from accounts.access import anyone
from communities.models import Community
from communities.responsibility import responsible_on
from lib.periods import DAY, beijing_date
from lib.pictures import BadPhoto
from lib.states import WrongState
from rulebook import rules

from .. import guessing, links, messages, photos, progress, registration
from ..entries import Entry, Who
from ..forms import CheckForm, ContactForm, LookupForm, PhotoForm, WaitedForm, WhatForm
from ..kinds import Category, Source, Urgency, suggested
from ..models import Complainant, Complaint, ComplaintPhoto
from .sending import UNPROCESSABLE, files, posted, receive_files, refuse, serve

MOST_SHOWN, MOST_WORDS, MOST_SIMILAR = 25, 50, 3
STEPS = ("what", "contact", "check", "submit")


@anyone
@require_safe
def new(request: HttpRequest) -> HttpResponse:
    """Which community: by name, pinyin, initials or the code on its gate."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:MOST_WORDS]
    found = list(Community.objects.public().search(words).select_related("village_committee")[: MOST_SHOWN + 1])
    context = {"words": words, "found": found[:MOST_SHOWN], "more": len(found) > MOST_SHOWN}
    return render(request, "complaints/new.html", context)


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def new_here(request: HttpRequest, code: str) -> HttpResponse:
    """The form for one community, a step a page; each step's button names the step that comes next."""
    rows = Community.objects.public().select_related("village_committee")
    place = get_object_or_404(rows, code=code.upper().replace("\0", ""))
    draft = Draft(request, place)
    asked = request.POST.get("step", "what") if request.method == "POST" else "what"
    step = draft.first_unready(asked if asked in STEPS else "what")
    if step == "submit":
        return _submit(request, draft)
    return draft.page(step, status=UNPROCESSABLE if draft.has_faults(step) else 200)


class Draft:
    """A complaint on its way through the steps: what was typed so far travels in the page."""

    def __init__(self, request: HttpRequest, place: Community):
        self.request, self.place, self.sent = request, place, posted(request)
        self.asked = request.POST.get("step", "")
        self.what = WhatForm(self.sent, files(request), community=place)
        typed = {name: request.POST.get(name, "") for name in ContactForm.base_fields}
        self.contact = ContactForm(self.sent if self.asked in STEPS[2:] else None, initial=typed)
        self.check = CheckForm(self.sent if self.asked == "submit" else None)
        self.photos = self._received() if self.sent is not None else []

    def _received(self) -> list:
        """The photos sent ahead, and those that come with the page; a fault elsewhere loses none of them."""
        self.what.is_valid()
        by = self.request.user if self.request.user.is_authenticated else None
        ids = [*(self.what.cleaned_data.get("photos") or ()), *receive_files(self.what, by)]
        self.what.data = self.what.data.copy()
        self.what.data["photos"] = ",".join(map(str, ids))
        return ids

    def first_unready(self, asked: str) -> str:
        """The step to show: the one asked for, or an earlier one that is not whole yet."""
        for name in STEPS[:-1]:
            if name == asked or not getattr(self, name).is_valid():
                return name
        return asked

    def has_faults(self, step: str) -> bool:
        """Whether the page comes back with sentences; a step that is shown the first time has none."""
        form = getattr(self, step)
        return self.asked not in ("", step) and form.is_bound and not form.is_valid()

    @property
    def text(self) -> str:
        return self.what.cleaned_data["text"]

    def category(self) -> tuple[Category, str]:
        return suggested(self.text)

    def urgency(self) -> Urgency:
        return registration.urgency_in(self.text, self.category()[0], self.today)

    @property
    def today(self):
        return beijing_date(timezone.now())

    def page(self, step: str, status: int = 200) -> HttpResponse:
        if self.asked == step:  # 上一步: what was typed stands, and nothing is said about it
            getattr(self, step).errors.clear()
        context = {"community": self.place, "draft": self, "form": getattr(self, step), "number": STEPS.index(step) + 2}
        context |= {"kept": self.kept(step), "firm": responsible_on(self.place, self.today).firm}
        if step == "check":
            context |= self._checked()
        return render(self.request, f"complaints/new_here_{step}.html", context, status=status)

    def _checked(self) -> dict:
        category, word = self.category()
        if not self.check.is_bound:
            self.check = CheckForm(initial={"category": self.request.POST.get("category") or category})
        since = self.today - rules.on(self.today, "complaint.similar_days") * DAY
        similar = Complaint.objects.similar(
            community=self.place, text=self.text, category=category, since=since
        ).with_row_parts()
        return {
            "form": self.check,
            "word": word,
            "is_dangerous": self.urgency() in (Urgency.LIFE, Urgency.SAFETY),
            "similar": [_alike(row, self.today) for row in similar[:MOST_SIMILAR]],
            "photos": ComplaintPhoto.objects.loose().filter(client_id__in=self.photos),
        }

    def kept(self, step: str) -> list[tuple[str, str]]:
        """What the other steps hold, for the page's hidden fields."""
        skip = {"csrfmiddlewaretoken", "step", "photos", "client_id", "files", *getattr(self, step).fields}
        pairs = [(name, value) for name, values in self.request.POST.lists() for value in values]
        return [pair for pair in pairs if pair[0] not in skip]

    @property
    def client_id(self):
        """The number that makes it one, however often it is sent."""
        return self.what.cleaned_data["client_id"] if self.sent is not None else self.what.initial["client_id"]

    @property
    def photo_ids(self) -> str:
        return ",".join(map(str, self.photos))

    def entry(self) -> Entry:
        what, category = self.what.cleaned_data, self.check.cleaned_data["category"]
        by_words = registration.urgency_in(self.text, category, self.today)
        place = {"place": what["place"].strip(), "building": what.get("building")}
        return Entry(
            community=self.place,
            text=self.text.strip(),
            category=category,
            source=Source.ONLINE,
            urgency=by_words,
            who=self.who(),
            photos=self.photos,
            client_id=self.client_id,
            **place,
        )

    def who(self) -> Who:
        contact = self.contact.cleaned_data
        return Who(**contact, firm_may_call=self.check.cleaned_data["firm_may_call"])


def _alike(row: Complaint, today) -> dict:
    """An open case as everybody may know it: category, building, day, who is on it; none of its words."""
    return {"row": row, "who": progress.who_answers(row), "state": progress.state_of(row, today)}


def _submit(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Takes it in, or joins an open case; sent again, it leads to the same slip."""
    try:
        if not Complainant.objects.filter(client_id=draft.client_id).exists():
            limits.take("complaint", request, each=20, all_=600, seconds=3600)
        complainant = _send(request, draft)
    except limits.TooMany as error:
        draft.check.add_error(None, str(error))
    except ValidationError as error:
        refuse(draft.check, error)
    except WrongState as error:
        draft.check.add_error(None, str(error))
    else:
        return redirect("complaints:mine-slip", links.token(complainant))
    return draft.page("check", status=UNPROCESSABLE)


def _send(request: HttpRequest, draft: Draft) -> Complainant:
    by, now = request.user if request.user.is_authenticated else None, timezone.now()
    same = draft.check.cleaned_data["same"]
    if same.isdecimal():
        rows = Complaint.objects.open().filter(community=draft.place)
        case = get_object_or_404(rows, pk=same)
        return registration.join(complaint=case, who=draft.who(), client_id=draft.client_id, by=by, now=now)
    complaint = registration.take_in(entry=draft.entry(), by=by, now=now)
    return complaint.complainants.get(joined=False)


@anyone
@require_POST
def receive(request: HttpRequest) -> JsonResponse:
    """Takes in a complaint that waited on a phone; sent again, it is answered with the same number.

    Answers: 200 number and slip; 409 photos that are not here; 422 a sentence, nothing is written.
    """
    waited = WaitedForm(request.POST)
    place = Community.objects.public().filter(code=request.POST.get("c", "").upper().replace("\0", "")).first()
    if not waited.is_valid() or place is None:
        return _refused(["这个小区找不到了，请打电话，我们替您登记。"])
    if missing := photos.missing(waited.cleaned_data["manifest"]):
        return JsonResponse({"missing": missing}, status=409)
    what, contact = WhatForm(request.POST, community=place), ContactForm(request.POST)
    if not (what.is_valid() and contact.is_valid()):
        return _refused([error for form in (what, contact) for errors in form.errors.values() for error in errors])
    return _take_in(request, place, what.cleaned_data, contact.cleaned_data)


def _take_in(request: HttpRequest, place: Community, what: dict, contact: dict) -> JsonResponse:
    by = request.user if request.user.is_authenticated else None
    text = what.pop("text")
    what.pop("files")
    try:
        if not registration.sent_before(what["client_id"]):
            limits.take("complaint", request, each=20, all_=600, seconds=3600)
        row = registration.register(community=place, text=text, **what, **contact, by=by, now=timezone.now())
    except limits.TooMany as error:
        return _refused([str(error)])
    except ValidationError as error:
        return _refused(error.messages)
    url = reverse("complaints:mine-slip", args=[links.token(row.complainants.get(joined=False))])
    return JsonResponse({"number": row.number, "url": url})


def _refused(sentences: list[str]) -> JsonResponse:
    return JsonResponse({"error": sentences[0], "errors": sentences}, status=UNPROCESSABLE)


# ---------------------------------------------------------------- photos on their way


@anyone
@require_POST
def photo_upload(request: HttpRequest) -> JsonResponse:
    """Takes one photo in from anybody, within limits; answers with its number, or with a sentence why not."""
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return JsonResponse({"error": next(iter(form.errors.values()))[0]}, status=UNPROCESSABLE)
    try:
        limits.take("complaint-photo", request, each=120, all_=3000, seconds=3600)
        by = request.user if request.user.is_authenticated else None
        received = photos.receive(**form.cleaned_data, by=by, now=timezone.now())
    except (BadPhoto, limits.TooMany) as error:
        return JsonResponse({"error": str(error)}, status=UNPROCESSABLE)
    return JsonResponse({"id": str(received.client_id)})


@anyone
@require_safe
def photo_sent(request: HttpRequest, client_id) -> HttpResponse:
    """A photo that was sent ahead, for whoever knows its number, until its complaint is sent."""
    return serve(ComplaintPhoto.objects.loose().filter(client_id=client_id).first(), small=True)


# ---------------------------------------------------------------- looking up


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def lookup(request: HttpRequest) -> HttpResponse:
    """Where a complaint stands, by number and the last four digits; nothing tells whether a number exists."""
    form = LookupForm(posted(request), initial={"number": request.GET.get("number", "")[:40]})
    context = {"form": form, "challenge": puzzles.challenge()}
    if request.method == "POST" and form.is_valid():
        context["found"] = _found(request, form)
    return render(request, "complaints/lookup.html", context, status=UNPROCESSABLE if form.errors else 200)


NOT_FOUND = "没找到。检查号码（TS 开头，两组数字）和电话后四位，或者打电话，我们替您查。"


def _found(request: HttpRequest, form: LookupForm) -> dict | None:
    try:
        complainant = guessing.find(request, **form.cleaned_data)
    except limits.TooMany as error:
        form.add_error(None, str(error))
        return None
    if complainant is None:
        form.add_error(None, NOT_FOUND)
        return None
    complaint, today = complainant.complaint, beijing_date(timezone.now())
    return {
        "complaint": complaint,
        "turn": progress.turn(complaint.main, today),
        "steps": progress.brief(complaint, today),
        "village": complaint.community.village_committee,
        "typed": form.cleaned_data,
    }


@anyone
@require_POST
@never_cache
def link_send(request: HttpRequest) -> HttpResponse:
    """Sends the link once more to the number that was registered; the answer is the same whatever was typed."""
    form = LookupForm(request.POST)
    if form.is_valid():
        try:
            complainant = guessing.find(request, **form.cleaned_data)
        except limits.TooMany as error:
            form.add_error(None, str(error))
        else:
            if complainant:
                messages.send_link(complainant, now=timezone.now())
    context = {"form": form, "challenge": puzzles.challenge(), "was_asked": not form.errors}
    return render(request, "complaints/lookup.html", context, status=UNPROCESSABLE if form.errors else 200)
