"""Bodies, decisions, their points and wishes over the API."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portfolio import history
from portfolio.api import REASON_IF_ANY, Input, Ref, RoomViewSet, move, of, says, where
from portfolio.api.schema import lines
from portfolio.decisions import commands, governance, queries
from portfolio.decisions.kinds import PointKind
from portfolio.decisions.models import (
    Body,
    Decision,
    DecisionAmendment,
    DecisionAnnex,
    DecisionPoint,
    DecisionPreparer,
    DecisionRecipient,
    MinutesVersion,
    Wish,
)
from portfolio.people import permissions
from portfolio.people.models import Person

NUMBER = serializers.IntegerField(min_value=1, max_value=32767, required=False)
ANY_INTEGER = {"min_value": -(2**31), "max_value": 2**31 - 1}


class PointKindField(serializers.ChoiceField):
    """Shown in the schema with its choices; whether a kind is known is for the command to say (INV-10)."""

    def to_internal_value(self, data: Any) -> str:
        return str(data)


class DecisionPointInput(Input):
    says = of(DecisionPoint, "number", "kind", "text")
    number = NUMBER
    kind = PointKindField(choices=PointKind.choices)
    programmes = serializers.ListField(child=Ref("portfolio.Programme"), required=False)


class DecisionAnnexInput(Input):
    says = of(DecisionAnnex, "number", "title")
    number = NUMBER


class PreparerInput(Input):
    says = of(DecisionPreparer, "order", "name")
    order = NUMBER


class RecipientInput(Input):
    says = of(DecisionRecipient, "order", "name")
    order = NUMBER


class MinutesVersionInput(Input):
    says = of(MinutesVersion, "language", "official", "url")


class WishInput(Input):
    says = of(Wish, "text", "adopted", "owner", "programme")
    owner = Ref(Person, required=False)
    programme = Ref("portfolio.Programme", required=False)


class AmendmentInput(Input):
    says = of(DecisionAmendment, "text", "adopted")


class DecisionItemInput(Input):
    """What an item of the agenda says, planned or decided."""

    says = of(
        Decision, "title", "case_number", "council_item", "section", "planned_on", "planned_text", "presenter",
        "proposal", "handling", "explanation",
    )  # fmt: skip
    section = serializers.IntegerField(required=False, allow_null=True, **ANY_INTEGER)
    points = DecisionPointInput(many=True, required=False)
    annexes = DecisionAnnexInput(many=True, required=False)
    preparers = PreparerInput(many=True, required=False)
    recipients = RecipientInput(many=True, required=False)


class DecisionRecordInput(DecisionItemInput):
    says = of(Decision, "body", "outcome", "decided_on", "minutes_checked_on")
    minutes_versions = MinutesVersionInput(many=True, required=False)
    amendments = AmendmentInput(many=True, required=False)
    wishes = WishInput(many=True, required=False)
    continues = serializers.ListField(child=Ref(Decision), required=False)


class DecisionCorrectionInput(DecisionItemInput):
    says = (
        of(Decision, "because", "decided_on", "minutes_checked_on")
        | of(Decision, "title", "body", "outcome", needed=False)
    )  # fmt: skip
    because = serializers.CharField(allow_blank=True)


OUTCOME = says(
    "DecisionOutcomeInput", "decided_on", "case_number", "handling",
    section=serializers.IntegerField(required=False, **ANY_INTEGER),
    points=DecisionPointInput(many=True, required=False),
)  # fmt: skip
A_NUMBER = serializers.IntegerField(min_value=1, max_value=32767)
PROGRAMMES = serializers.ListField(child=Ref("portfolio.Programme"), allow_empty=False)


class BodyViewSet(RoomViewSet):
    """The bodies that decide."""

    model = Body
    without = ("source_language", "texts")
    filters = where("kind", "active")
    search = ("name",)
    ordering = ("name_fi", "name_sv", "name_en", "kind")
    create = move(says("BodyInput", "short"), commands.record_body)
    edit = move(says("BodyEdit", "name", "short", "active"), commands.edit_body, right="record_body")


IDS = serializers.ListField(child=serializers.IntegerField(), allow_null=True)
ALSO = {"points": {"programmes": serializers.ListField(child=serializers.IntegerField())}}


class DecisionViewSet(RoomViewSet):
    """Decisions of the bodies, planned and made."""

    model = Decision
    without = ("line_changes",)
    filters = where(
        "body", "outcome", "case_number", "section", body_kind="body__kind", to="decided_on__lte",
        kind="points__kind", programme="points__programme_links__programme_id",
    ) | {"from": "decided_on__gte"}  # fmt: skip
    search = ("title", "case_number")
    ordering = ("decided_on", "-decided_on", "planned_on", "section", "title_fi", "title_sv", "title_en")
    right = "record_decision"
    create = move(DecisionRecordInput, commands.record_decision)
    edit = move(DecisionItemInput, commands.edit_decision)

    beside = {
        **{name: lines(f"{model.__name__}Line", model, ("id", counter, *columns), **ALSO.get(name, {}))
           for name, (model, counter, columns) in queries.SHOWN.items()},
        "continues": IDS,
        "final": governance.is_final, "warnings": queries.warnings, "used_by": governance.resting_on,
    }  # fmt: skip

    def retrieve(self, request: Request, pk: str) -> Response:
        """One decision with its lines, now or as of a moment."""
        response = super().retrieve(request, pk)
        if as_of := request.query_params.get("as_of"):
            response.data |= queries.lines(int(pk), cut=history.seq_at(as_of))
        return response

    def extra(self, thing: Decision) -> dict[str, Any]:
        """Its lines, whether it is final, what looks odd, and what rests on it."""
        return queries.lines(thing.pk) | super().extra(thing)

    record_outcome = move(OUTCOME, commands.record_outcome)
    check_minutes = move("MinutesCheckedInput", commands.check_minutes)
    correct = move(DecisionCorrectionInput, commands.correct_decision)
    name_programmes = move(
        says("PointProgrammesInput", number=A_NUMBER, programmes=PROGRAMMES, because=REASON_IF_ANY),
        commands.name_programmes,
    )
    add_wish = move(WishInput, commands.add_wish, right="record_wish", creates=True)
    add_amendment = move(AmendmentInput, commands.add_amendment, creates=True)
    add_minutes_version = move(MinutesVersionInput, commands.add_minutes_version, creates=True)


class DecisionPointViewSet(RoomViewSet):
    """The numbered points of decisions; they are written with their decisions."""

    model = DecisionPoint
    filters = where("decision", "kind", programme="programme_links__programme_id")
    search = ("text",)
    ordering = ("decision_id", "number")


def _to_answer(wish: Wish, by: Person) -> list[tuple[str, None]]:
    return [(commands.right_to_answer(wish, by), None)]


class WishViewSet(RoomViewSet):
    """The wishes of the council, and their answers."""

    model = Wish
    filters = where("decision", "owner", "programme", "state")
    search = ("text", "answer")
    ordering = ("decision_id", "order", "answered_on", "state")

    assign = move("WishOwnerInput", commands.assign_wish, right="record_wish")
    answer_ = move(
        says("WishAnswerInput", of(Wish, "answer", needed=True), because=REASON_IF_ANY),
        commands.answer_wish,
        rights=_to_answer,
    )
    delay = move(
        says("WishDelayInput", of(Wish, "delay", needed=True)), commands.delay_wish, right="answer_wish",
        rights=_to_answer, at={Wish.State.OPEN},
    )  # fmt: skip


class AssignableUnitViewSet(RoomViewSet):
    """The units on which a role can be held, by name and no more of them."""

    model = Body
    columns = ("kind", "name")
    filters = where("kind")
    search = ("name",)
    ordering = ("id",)
    visible = staticmethod(permissions.assignable)
    history = None
