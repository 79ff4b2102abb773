"""The words of complaints: what is open, late, similar, and who sees which."""

from datetime import date, datetime

from django.contrib.postgres.search import TrigramSimilarity
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Upper

from accounts.roles import OFFICE, STATION, Role
from communities.models import Community, Firm
from lib.dated import DatedQuerySet
from lib.uploads import PhotoQuerySet

UNANSWERED = ["registered", "accepted", "assigned", "handling", "reopened", "transferred"]
OPEN_PETITION = Q(petition__isnull=False, petition__decided_on=None)
SHOWN = (
    *("number", "text", "place", "state", "level", "urgency", "category", "source", "registered_on", "registered_at"),
    *("reply_by", "due_provisional", "accept_by", "replied_on", "closed_on", "on_site_by", "on_site_at", "is_final"),
    *("reopened", "hidden_from_neighbours", "community__name", "building__name", "firm__name"),
    *("handler__name", "handler__username"),
)


def sees_contacts(user) -> bool:
    """Whether the user's roles may read who complained; leaders and cadres read complaints without. DOMAIN 0.5"""
    return user.is_authenticated and not (OFFICE | STATION).isdisjoint(user.roles)


class ComplaintQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ComplaintQuerySet":
        """Office and leaders see all, stations and cadres those of their communities, a firm those that were given to
        it, whoever is signed in what they complained about themselves.
        """
        if not user.is_authenticated:
            return self.none()
        if not (OFFICE | {Role.LEADER}).isdisjoint(user.roles):
            return self
        overseen = Q(community__in=Community.objects.overseen_by(user))
        of_firm = Q(firm__in=Firm.objects.employing(user), firm_was_asked=True) & ~Q(state="withdrawn")
        return self.filter(overseen | of_firm | Q(pk__in=self._own(user)))

    @staticmethod
    def _own(user):
        from .models import Complainant

        return Complainant.objects.filter(user=user).values("complaint")

    def handled_by(self, user) -> "ComplaintQuerySet":
        """Those that the user works on as staff: the office all, a station those of its communities."""
        if not user.is_authenticated:
            return self.none()
        if not OFFICE.isdisjoint(user.roles):
            return self
        if STATION.isdisjoint(user.roles):
            return self.none()
        return self.filter(community__in=Community.objects.overseen_by(user))

    def open(self) -> "ComplaintQuerySet":
        return self.filter(closed_on=None)

    def unanswered(self) -> "ComplaintQuerySet":
        return self.filter(closed_on=None, state__in=UNANSWERED)

    def to_accept(self) -> "ComplaintQuerySet":
        return self.filter(state="registered")

    def counted(self) -> "ComplaintQuerySet":
        """What statistics count: each case once, merged ones with their main case. DOMAIN E.5"""
        return self.exclude(state__in=["merged", "withdrawn"])

    def answered(self) -> "ComplaintQuerySet":
        return self.filter(replied_on__isnull=False)

    def answered_late(self) -> "ComplaintQuerySet":
        return self.filter(replied_on__gt=F("reply_by"))

    def judged(self) -> "ComplaintQuerySet":
        """Somebody has rated an answer of it."""
        from .models import Rating

        return self.filter(Exists(Rating.objects.filter(complainant__complaint=OuterRef("pk"))))

    def with_pause(self) -> "ComplaintQuerySet":
        from .models import ComplaintPause

        return self.annotate(paused=Exists(ComplaintPause.objects.filter(complaint=OuterRef("pk"), last_day=None)))

    def running(self) -> "ComplaintQuerySet":
        """Unanswered, and the clock runs."""
        return self.unanswered().with_pause().filter(paused=False)

    def overdue(self, today: date) -> "ComplaintQuerySet":
        """Unanswered after the term; a running pause stops the clock. DOMAIN E.3"""
        return self.running().filter(reply_by__lt=today)

    def due_on_day(self, today: date) -> "ComplaintQuerySet":
        return self.running().filter(reply_by=today)

    def late_to_accept(self, today: date) -> "ComplaintQuerySet":
        return self.to_accept().filter(accept_by__lt=today)

    def late_on_site(self, now: datetime) -> "ComplaintQuerySet":
        return self.unanswered().filter(on_site_by__lt=now, on_site_at=None)

    def to_call_back(self) -> "ComplaintQuerySet":
        """Answered, and somebody who gave a number has not said yet how they find it. DOMAIN E.5"""
        from .models import Complainant

        whose = Q(complaint=OuterRef("pk")) | Q(complaint__merged_into=OuterRef("pk"))
        unrated = Complainant.objects.filter(whose, contact__phone__isnull=False).unrated()
        return self.filter(Exists(unrated), state__in=["replied", "rated"])

    def to_fill_back(self) -> "ComplaintQuerySet":
        """Orders of the hotline that are answered here and not yet there."""
        answered = {"state__in": ["replied", "rated", "closed"], "replied_on__isnull": False}
        return self.filter(platform_number__gt="", filled_back_at=None, **answered)

    def to_close(self, today: date) -> "ComplaintQuerySet":
        """Answered, and nobody judged it within its days; a petition that is undecided keeps its case open."""
        rows = self.filter(state__in=["replied", "rated"], close_on__lt=today)
        return rows.exclude(pk__in=self.model.objects.with_open_petition().order_by().values("pk"))

    def with_open_petition(self) -> "ComplaintQuerySet":
        return self.filter(OPEN_PETITION)

    def to_anonymise(self, today: date) -> "ComplaintQuerySet":
        return self.filter(anonymise_on__lte=today)

    def similar(self, *, community: Community, text: str, category: str, since: date) -> "ComplaintQuerySet":
        """Open cases of the community of these days that may be the same, the likest first. Issue 7 §2"""
        words = Value(text[:200].upper())
        rows = self.open().filter(community=community, registered_on__gte=since)
        rows = rows.annotate(said=Upper("text"), like=TrigramSimilarity(Upper("text"), words))
        return rows.filter(Q(category=category) | Q(said__trigram_similar=words)).order_by("-like", "-pk")

    def with_row_parts(self) -> "ComplaintQuerySet":
        """What a row of a list shows and no more; everything else would be a query for each row."""
        parts = ("community", "building", "firm", "handler")
        return self.with_pause().with_people().select_related(*parts).only(*SHOWN)

    def with_people(self) -> "ComplaintQuerySet":
        """``people``: how many complained or joined, counted for the rows that are shown and no others."""
        from .models import Complainant

        of_row = Complainant.objects.filter(complaint=OuterRef("pk")).order_by().values("complaint")
        return self.annotate(people=Coalesce(Subquery(of_row.annotate(number=Count("pk")).values("number")), 0))

    def with_page_parts(self) -> "ComplaintQuerySet":
        parts = (
            "community__village_committee",
            "building",
            "firm",
            "handler",
            "registered_by",
            "merged_into",
            "finding",
        )
        return self.select_related(*parts, "split_from", "petition", "upheld")

    def newest_first(self) -> "ComplaintQuerySet":
        return self.order_by(F("registered_at").desc(), F("pk").desc())

    def by_term(self) -> "ComplaintQuerySet":
        """What is due first stands first."""
        return self.order_by(F("reply_by").asc(nulls_last=True), "pk")

    def search(self, words: str) -> "ComplaintQuerySet":
        """By number, words of the complaint, place or community, each word somewhere."""
        found = self
        for word in words.split():
            ways = [Q(text__icontains=word), Q(place__icontains=word), _placed(word), *_numbered(word)]
            keys = [self.model.objects.filter(way).order_by().values("pk") for way in ways]
            found = found.filter(pk__in=keys[0].union(*keys[1:]))
        return found


def _placed(word: str) -> Q:
    return Q(community__in=Community.objects.search(word))


def _numbered(word: str) -> list[Q]:
    """A word without digits is no number."""
    if not any(map(str.isdecimal, word)):
        return []
    return [Q(number__contains=word.upper()), Q(platform_number=word)]


class ComplainantQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ComplainantQuerySet":
        """Those of complaints that the user works on as staff, and oneself."""
        from .models import Complaint

        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(complaint__in=Complaint.objects.handled_by(user)) | Q(user=user))

    def unrated(self) -> "ComplainantQuerySet":
        """Have not judged the present answer; those who want none are not asked."""
        from .models import Rating

        round = Coalesce("complaint__merged_into__reopened", "complaint__reopened")
        rated = Rating.objects.filter(complainant=OuterRef("pk"), round=OuterRef("asked_round"))
        return self.annotate(asked_round=round).filter(~Exists(rated), wants_no_answer=False)

    def of_case(self, complaint) -> "ComplainantQuerySet":
        """Everybody who is told: of the case and of those merged into it. DOMAIN E.5"""
        return self.filter(Q(complaint=complaint) | Q(complaint__merged_into=complaint))


class ContactReadingQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ContactReadingQuerySet":
        """The office sees who read whose data; everybody else their own readings."""
        if not user.is_authenticated:
            return self.none()
        return self if not OFFICE.isdisjoint(user.roles) else self.filter(by=user)


class ComplaintPhotoQuerySet(PhotoQuerySet):
    def visible_to(self, user) -> "ComplaintPhotoQuerySet":
        """Photos of the complaints that the user sees."""
        from .models import Complaint

        return self.filter(complaint__in=Complaint.objects.visible_to(user))

    def loose(self) -> "ComplaintPhotoQuerySet":
        """Photos of complaints that were never sent in."""
        return self.filter(complaint=None)


class ReplyTemplateQuerySet(DatedQuerySet):
    def visible_to(self, user) -> "ReplyTemplateQuerySet":
        """Templates are the office's and the stations' alike."""
        return self if sees_contacts(user) else self.none()


class MailboxLetterQuerySet(models.QuerySet):
    def visible_to(self, user) -> "MailboxLetterQuerySet":
        """Letters go to the office."""
        return self if user.is_authenticated and not OFFICE.isdisjoint(user.roles) else self.none()

    def questions(self) -> "MailboxLetterQuerySet":
        return self.filter(kind="question")

    def suggestions(self) -> "MailboxLetterQuerySet":
        return self.filter(kind="suggestion")

    def waiting(self) -> "MailboxLetterQuerySet":
        """Unanswered, questions by their term before suggestions, which have none."""
        return self.filter(answered_at=None).order_by(F("answer_by").asc(nulls_last=True), "pk")

    def public(self) -> "MailboxLetterQuerySet":
        """Questions written anew, with their answers, as their writers agreed."""
        return self.filter(is_public=True).order_by("-answered_at", "-pk")


class PetitionQuerySet(models.QuerySet):
    def undecided(self) -> "PetitionQuerySet":
        return self.filter(decided_on=None)

    def due_by(self, day: date) -> "PetitionQuerySet":
        """A letter is due on the day or was before."""
        waits = Q(noticed_on=None, notice_by__lte=day) | Q(decide_by__lte=day)
        return self.undecided().filter(waits)


class DataRequestQuerySet(models.QuerySet):
    def visible_to(self, user) -> "DataRequestQuerySet":
        """Requests go to the office."""
        return self if user.is_authenticated and not OFFICE.isdisjoint(user.roles) else self.none()
