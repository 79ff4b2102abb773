"""A complaint on its way through a resident's steps; nothing is kept but in the page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.roles import Role
from communities.models import Community
from communities.responsibility import responsible_on
from lib.periods import beijing_date

from .. import neighbours, registration, robots
from ..entries import Entry, Who
from ..forms import CheckForm, ContactForm, WhatForm
from ..kinds import Category, Source, Urgency, suggested
from ..models import ComplaintPhoto
from .sending import files, posted, receive_files

STEPS = ("what", "contact", "check", "submit")


class Draft:
    """A complaint on its way through the steps: what was typed so far travels in the page."""

    def __init__(self, request: HttpRequest, place: Community):
        self.request, self.place, self.sent = request, place, posted(request)
        self.asked = request.POST.get("step", "")
        self.what = WhatForm(self.sent, files(request), community=place)
        typed = self._known() | {name: value for name in ContactForm.base_fields if (value := request.POST.get(name))}
        self.contact = ContactForm(self.sent if self.asked in STEPS[2:] else None, initial=typed)
        self.check = CheckForm(self.sent if self.asked == "submit" else None)
        self.photos = self._received() if self.sent is not None else []

    def _known(self) -> dict[str, str]:
        """What is known of somebody who is signed in; a building head writes for others more often than not."""
        user = self.request.user
        if not user.is_authenticated:
            return {}
        heads = Role.BUILDING_HEAD in user.roles
        phone = user.mobile.value if user.mobile else ""
        return {"name": user.name, "phone": phone, "relation": Role.BUILDING_HEAD.label if heads else ""}

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
        context = {"community": self.place, "draft": self, "form": getattr(self, step), "kept": self.kept(step)}
        firm = responsible_on(self.place, self.today).firm
        if step != "what":
            context["is_dangerous"] = self.urgency() in (Urgency.LIFE, Urgency.SAFETY)
        context |= {"number": STEPS.index(step) + 2, "firm": firm, "village": self.place.village_committee}
        if step == "check":
            context |= self._checked()
        return render(self.request, f"complaints/new_here_{step}.html", context, status=status)

    def _checked(self) -> dict:
        category, word = self.category()
        if not self.check.is_bound:
            self.check = CheckForm(initial={"category": self.request.POST.get("category") or category})
        return {
            "form": self.check,
            "word": word,
            "similar": neighbours.similar(self.place, text=self.text, category=category, today=self.today),
            "challenge": robots.challenge(),
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
            hidden=self.check.cleaned_data["hidden"],
            **place,
        )

    def who(self) -> Who:
        contact = self.contact.cleaned_data
        return Who(**contact, firm_may_call=self.check.cleaned_data["firm_may_call"])
