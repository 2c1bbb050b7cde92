"""Bodies and their decisions: an item of the minutes with its points, annexes and people as the document names them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from portfolio import field_words
from portfolio.case_numbers import CaseNumber
from portfolio.decisions.kinds import PointKind
from portfolio.history import Tracked
from portfolio.texts import SourceLanguage, TextStates, first, said, texts, unsaid

NUMBERED_TWICE = ("decision.numbered_twice", "The decision already has a line of this number.")
BODY_DUPLICATE = ("body.duplicate", "There is already a body of this name.")
DUPLICATE = ("decision.duplicate", "The body already has a decision of this day and section.")
PROGRAMME_TWICE = ("decision.programme_twice", "The point already names this programme.")
CONTINUES_TWICE = ("decision.continues_twice", "The decision already continues this one.")
MINUTES_LANGUAGE = ("decision.minutes_language", "The minutes are already there in this language.")


def _once(name: str, *fields: str, refused: tuple[str, str] = NUMBERED_TWICE) -> UniqueConstraint:
    code, says = refused
    return UniqueConstraint(fields=fields, name=name, violation_error_code=code, violation_error_message=says)


class Body(Tracked):
    """Who decides: the council, the city board, the mayor, a committee, a unit of the line organisation."""

    class Kind(models.TextChoices):
        COUNCIL = "council", _("city council")
        BOARD = "board", _("city board")
        MANAGER = "manager", _("mayor or city manager")
        COMMITTEE = "committee", _("committee")
        LINE_UNIT = "line_unit", _("unit of the line organisation")
        OTHER = "other", _("another body")

    told = "whole"

    kind = models.CharField(max_length=10, choices=Kind)
    name_fi, name_sv, name_en = texts(160)
    short_fi, short_sv, short_en = texts(24, blank=True)
    source_language = SourceLanguage(db_default="fi")
    texts = TextStates(db_default={})
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["kind", "name_fi", "name_sv", "name_en"]
        verbose_name_plural = "bodies"
        constraints = [
            UniqueConstraint(
                said("name"),
                name="body_named_once",
                violation_error_code=BODY_DUPLICATE[0],
                violation_error_message=BODY_DUPLICATE[1],
            ),
            # A city has one council, one board and one manager at a time.
            UniqueConstraint(
                fields=["kind"],
                condition=Q(active=True, kind__in=("council", "board", "manager")),
                name="one_council_one_board_one_manager",
                violation_error_code="body.only_one",
                violation_error_message="The city has one council, one board and one manager.",
            ),
        ]

    def __str__(self) -> str:
        return first(self, "name")


class Decision(Tracked):
    """An item that a body has on its agenda or has decided: the reference behind every approval (INV-05…12)."""

    class Outcome(models.TextChoices):
        PLANNED = "planned", _("planned for an agenda")
        MADE = "made", _("decided")
        RETURNED = "returned", _("returned for preparation")
        TABLED = "tabled", _("left on the table")
        REMOVED = "removed", _("removed from the agenda")

    class Precision(models.TextChoices):
        DAY = "day", _("the day is known")
        MONTH = "month", _("the month is known")
        SEASON = "season", _("the season is known")
        YEAR = "year", _("the year is known")
        RANGE = "range", _("a range of days is known")
        UNKNOWN = "unknown", _("not known from the source")

    told = "named"

    body = models.ForeignKey(Body, models.PROTECT, related_name="decisions")
    title_fi, title_sv, title_en = texts(400)
    case_number = CaseNumber()
    council_item = models.BooleanField(default=False)
    section = models.IntegerField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome)
    planned_on = models.DateField(null=True, blank=True)
    planned_text_fi, planned_text_sv, planned_text_en = texts(120, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    date_precision = models.CharField(max_length=7, choices=Precision, default=Precision.DAY)
    date_text_fi, date_text_sv, date_text_en = texts(120, blank=True)
    earliest_on = models.DateField(null=True, blank=True)
    latest_on = models.DateField(null=True, blank=True)
    minutes_checked_on = models.DateField(null=True, blank=True)
    presenter = models.CharField(max_length=200, blank=True)
    proposal_fi, proposal_sv, proposal_en = texts(blank=True)
    handling_fi, handling_sv, handling_en = texts(blank=True)
    explanation_fi, explanation_sv, explanation_en = texts(blank=True)
    line_changes = models.PositiveIntegerField(default=0, editable=False)  # a changed line is a new version of the item
    source_language = SourceLanguage()
    texts = TextStates()

    class Meta:
        verbose_name = _("Decision")
        ordering = ["decided_on", "body", "section", "id"]
        indexes = [models.Index(fields=["case_number"], name="decision_case")]
        constraints = [
            _once("decision_once_by_body_day_and_section", "body", "decided_on", "section", refused=DUPLICATE),
            models.CheckConstraint(
                condition=Q(section__isnull=True) | Q(section__gte=1),
                name="section_is_1_or_more",
                violation_error_code="decision.incomplete",
                violation_error_message="A section (§) is a whole number from 1 upwards.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="planned") | Q(decided_on__isnull=True, minutes_checked_on__isnull=True),
                name="planned_decision_has_no_day_of_deciding",
                violation_error_code="decision.planned_dates",
                violation_error_message="A planned decision has no day of deciding yet.",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=("planned", "removed"))
                | Q(provenance="taken_over")
                | Q(decided_on__isnull=False),
                name="decision_has_its_day",
                violation_error_code="decision.incomplete",
                violation_error_message="A decision that has been made has its day.",
            ),
            models.CheckConstraint(
                condition=Q(date_precision="day") | Q(provenance="taken_over", decided_on__isnull=True),
                name="only_an_older_register_lacks_the_day",
                violation_error_code="decision.incomplete",
                violation_error_message="Only a decision taken over from an older register may lack its exact day.",
            ),
            models.CheckConstraint(
                condition=Q(date_precision__in=("day", "unknown")) | ~unsaid("date_text"),
                name="an_inexact_date_is_told_in_words",
                violation_error_code="decision.incomplete",
                violation_error_message="A date that is not exact is told in words.",
            ),
            models.CheckConstraint(
                condition=Q(earliest_on__isnull=True, latest_on__isnull=True)
                | Q(earliest_on__lte=F("latest_on"), decided_on__isnull=True),
                name="an_inexact_date_is_a_span",
                violation_error_code="decision.dates",
                violation_error_message="The earliest day is not after the latest.",
            ),
            models.CheckConstraint(
                condition=Q(minutes_checked_on__isnull=True)
                | Q(decided_on__isnull=True)
                | Q(minutes_checked_on__gte=F("decided_on")),
                name="minutes_are_checked_after_the_decision",
                violation_error_code="decision.dates",
                violation_error_message="Minutes are checked on the day of the decision or later.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="planned") | Q(planned_on__isnull=False) | ~unsaid("planned_text"),
                name="planned_decision_says_when",
                violation_error_code="decision.incomplete",
                violation_error_message="A planned decision says for when it is planned.",
            ),
        ]

    def __str__(self) -> str:
        return first(self, "title")


# An item that was put off was decided by a point of this kind and carries nothing (INV-11).
PUT_OFF = {
    Decision.Outcome.RETURNED: PointKind.RETURN,
    Decision.Outcome.TABLED: PointKind.TABLE,
    Decision.Outcome.REMOVED: PointKind.REMOVE,
}


class DecisionPoint(Tracked):
    """One numbered thing that a decision does; a closing item has two: it closes, and it notes the report (INV-10)."""

    Kind = PointKind
    told = "whole"

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="points")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    text_fi, text_sv, text_en = texts(blank=True)
    source_language = SourceLanguage()
    texts = TextStates()

    class Meta:
        ordering = ["decision_id", "number"]
        constraints = [
            _once("point_numbered_once", "decision", "number"),
            models.CheckConstraint(
                condition=Q(kind__in=PointKind.values),
                name="point_is_of_a_known_kind",
                violation_error_code="decision.kind",
                violation_error_message="The kind of a decision comes from the list.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


class PointProgramme(Tracked):
    """A programme that a point is about; a point that names none is about the matter as a whole."""

    belongs_to: ClassVar[str] = "point"
    told = "linked"

    point = models.ForeignKey(DecisionPoint, models.PROTECT, related_name="programme_links")
    programme = models.ForeignKey("portfolio.Programme", models.PROTECT, related_name="point_links")

    class Meta:
        ordering = ["point_id", "programme"]
        constraints = [
            _once("point_names_a_programme_once", "point", "programme", refused=PROGRAMME_TWICE),
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.programme_id}"


class Continuation(Tracked):
    """An earlier decision in the same matter that a decision continues: the council's the board's proposal (INV-13)."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="continues")
    earlier = models.ForeignKey(Decision, models.PROTECT, related_name="continued_by")

    class Meta:
        ordering = ["decision_id", "earlier"]
        constraints = [
            _once("decision_continues_another_once", "decision", "earlier", refused=CONTINUES_TWICE),
            models.CheckConstraint(
                condition=~Q(decision=F("earlier")),
                name="decision_does_not_continue_itself",
                violation_error_code="decision.continues_itself",
                violation_error_message="A decision does not continue itself.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.earlier_id}"


class DecisionPreparer(Tracked):
    """A preparer of the item, as the document writes the name (valmistelijat / lisätiedot)."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="preparers")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["decision_id", "order"]
        constraints = [_once("preparer_ordered_once", "decision", "order")]

    def __str__(self) -> str:
        return self.name


class DecisionAnnex(Tracked):
    """A numbered annex of the item (liite)."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="annexes")
    number = models.PositiveSmallIntegerField()
    title_fi, title_sv, title_en = texts(400)

    class Meta:
        ordering = ["decision_id", "number"]
        verbose_name_plural = "decision annexes"
        constraints = [_once("annex_numbered_once", "decision", "number")]

    def __str__(self) -> str:
        return f"{self.number} {first(self, 'title')}"


class DecisionRecipient(Tracked):
    """Who is told of the decision (tiedoksi)."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="recipients")
    order = models.PositiveSmallIntegerField()
    name_fi, name_sv, name_en = texts(200)

    class Meta:
        ordering = ["decision_id", "order"]
        constraints = [_once("recipient_ordered_once", "decision", "order")]

    def __str__(self) -> str:
        return first(self, "name")


class MinutesVersion(Tracked):
    """A language in which the minutes of the item exist, officially or as an unofficial translation."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="minutes_versions")
    language = models.CharField(max_length=2, choices=[*field_words.NAMES.items()])
    official = models.BooleanField()
    url = models.URLField(max_length=400, blank=True)

    class Meta:
        ordering = ["decision_id", "language"]
        constraints = [
            _once("minutes_once_in_a_language", "decision", "language", refused=MINUTES_LANGUAGE),
        ]

    def __str__(self) -> str:
        return self.language


class DecisionAmendment(Tracked):
    """A proposal to change the item that was made in the meeting, and what became of it; never a kind of decision."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="amendments")
    order = models.PositiveSmallIntegerField()
    text_fi, text_sv, text_en = texts()
    adopted = models.BooleanField(null=True, blank=True)  # None: the source does not tell
    source_language = SourceLanguage()
    texts = TextStates()

    class Meta:
        ordering = ["decision_id", "order"]
        constraints = [_once("amendment_numbered_once", "decision", "order")]

    def __str__(self) -> str:
        return first(self, "text")


class Wish(Tracked):
    """A wish (toivomus, hemställan) that the council attached to a decision; it has an owner and gets an answer."""

    class State(models.TextChoices):
        OPEN = "open", _("waiting for an answer")
        ANSWERED = "answered", _("answered")

    told = "city"

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="wishes")
    order = models.PositiveSmallIntegerField()
    text_fi, text_sv, text_en = texts()
    adopted = models.BooleanField(null=True, blank=True, default=True)  # None: the source does not tell
    programme = models.ForeignKey("portfolio.Programme", models.PROTECT, null=True, blank=True, related_name="wishes")
    owner = models.ForeignKey("portfolio.Person", models.PROTECT, null=True, blank=True, related_name="wishes")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    answer_fi, answer_sv, answer_en = texts(blank=True)
    answered_on = models.DateField(null=True, blank=True)
    delay_fi, delay_sv, delay_en = texts(blank=True)
    delayed_on = models.DateField(null=True, blank=True)
    source_language = SourceLanguage()
    texts = TextStates()

    class Meta:
        ordering = ["decision_id", "order"]
        verbose_name_plural = "wishes"
        constraints = [
            _once("wish_numbered_once", "decision", "order"),
            models.CheckConstraint(
                condition=Q(unsaid("answer"), state="open", answered_on__isnull=True)
                | Q(~unsaid("answer"), state="answered", answered_on__isnull=False),
                name="wish_is_answered_with_a_text_and_a_day",
                violation_error_code="wish.answer",
                violation_error_message="An answered wish has its answer and the day of the answer.",
            ),
            models.CheckConstraint(
                condition=Q(unsaid("delay"), delayed_on__isnull=True)
                | Q(~unsaid("delay"), state="open", delayed_on__isnull=False),
                name="wish_is_delayed_for_a_reason_and_since_a_day",
                violation_error_code="wish.delay",
                violation_error_message="An open wish says why it has no answer yet, and on which day that was said.",
            ),
        ]

    def __str__(self) -> str:
        return first(self, "text")
