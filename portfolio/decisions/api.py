"""Bodies, decisions, their points and wishes over the API."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portfolio import history
from portfolio.api import Input, Ref, RoomViewSet, move, text_inputs
from portfolio.api.schema import ErrorSerializer, lines
from portfolio.decisions import commands, governance, queries
from portfolio.decisions.kinds import PointKind
from portfolio.decisions.models import Body, Decision, DecisionPoint, MinutesVersion, Wish
from portfolio.people import permissions
from portfolio.people.models import Person

NUMBER = {"min_value": 1, "max_value": 32767}


class PointKindField(serializers.ChoiceField):
    """Shown in the schema with its choices; whether a kind is known is for the command to say (INV-10)."""

    def to_internal_value(self, data: Any) -> str:
        return str(data)


class BodyInput(Input):
    kind = serializers.ChoiceField(choices=Body.Kind.choices)
    locals().update(text_inputs("name", 160))
    locals().update(text_inputs("short", 24, required=False))


class BodyEdit(Input):
    locals().update(text_inputs("name", 160))
    locals().update(text_inputs("short", 24, required=False))
    active = serializers.BooleanField(required=False)


class DecisionPointInput(Input):
    number = serializers.IntegerField(required=False, **NUMBER)
    kind = PointKindField(choices=PointKind.choices)
    locals().update(text_inputs("text", required=False))
    programmes = serializers.ListField(child=Ref("portfolio.Programme"), required=False)


class DecisionAnnexInput(Input):
    number = serializers.IntegerField(required=False, **NUMBER)
    locals().update(text_inputs("title", 400))


class PreparerInput(Input):
    order = serializers.IntegerField(required=False, **NUMBER)
    name = serializers.CharField(max_length=200)


class RecipientInput(Input):
    order = serializers.IntegerField(required=False, **NUMBER)
    locals().update(text_inputs("name", 200))


class MinutesVersionInput(Input):
    language = serializers.ChoiceField(choices=MinutesVersion.Language.choices)
    official = serializers.BooleanField()
    url = serializers.URLField(max_length=400, required=False, allow_blank=True)


class WishInput(Input):
    locals().update(text_inputs("text"))
    adopted = serializers.BooleanField(required=False, allow_null=True)
    owner = Ref(Person, required=False)
    programme = Ref("portfolio.Programme", required=False)


class AmendmentInput(Input):
    locals().update(text_inputs("text"))
    adopted = serializers.BooleanField(required=False, allow_null=True)


class DecisionItemInput(Input):
    """What an item of the agenda says, planned or decided."""

    locals().update(text_inputs("title", 400))
    case_number = serializers.CharField(max_length=40, required=False, allow_blank=True)
    council_item = serializers.BooleanField(required=False)
    section = serializers.IntegerField(required=False, allow_null=True, min_value=-(2**31), max_value=2**31 - 1)
    planned_on = serializers.DateField(required=False, allow_null=True)
    locals().update(text_inputs("planned_text", 120, required=False))
    presenter = serializers.CharField(max_length=200, required=False, allow_blank=True)
    locals().update(text_inputs("proposal", required=False))
    locals().update(text_inputs("handling", required=False))
    locals().update(text_inputs("explanation", required=False))
    points = DecisionPointInput(many=True, required=False)
    annexes = DecisionAnnexInput(many=True, required=False)
    preparers = PreparerInput(many=True, required=False)
    recipients = RecipientInput(many=True, required=False)


class DecisionRecordInput(DecisionItemInput):
    body = Ref(Body)
    outcome = serializers.ChoiceField(choices=Decision.Outcome.choices)
    decided_on = serializers.DateField(required=False, allow_null=True)
    minutes_checked_on = serializers.DateField(required=False, allow_null=True)
    minutes_versions = MinutesVersionInput(many=True, required=False)
    amendments = AmendmentInput(many=True, required=False)
    wishes = WishInput(many=True, required=False)
    continues = serializers.ListField(child=Ref(Decision), required=False)


class DecisionOutcomeInput(Input):
    outcome = serializers.ChoiceField(choices=Decision.Outcome.choices)
    decided_on = serializers.DateField(required=False, allow_null=True)
    case_number = serializers.CharField(max_length=40, required=False, allow_blank=True)
    section = serializers.IntegerField(required=False, min_value=-(2**31), max_value=2**31 - 1)
    locals().update(text_inputs("handling", required=False))
    points = DecisionPointInput(many=True, required=False)


class DecisionCorrectionInput(DecisionItemInput):
    locals().update(text_inputs("title", 400, required=False))
    because = serializers.CharField(allow_blank=True)
    body = Ref(Body, required=False)
    outcome = serializers.ChoiceField(choices=Decision.Outcome.choices, required=False)
    decided_on = serializers.DateField(required=False, allow_null=True)
    minutes_checked_on = serializers.DateField(required=False, allow_null=True)


class MinutesCheckedInput(Input):
    checked_on = serializers.DateField()


class PointProgrammesInput(Input):
    number = serializers.IntegerField(**NUMBER)
    programmes = serializers.ListField(child=Ref("portfolio.Programme"), allow_empty=False)
    because = serializers.CharField(required=False)


class WishOwnerInput(Input):
    owner = Ref(Person)


class WishAnswerInput(Input):
    locals().update(text_inputs("answer"))
    answered_on = serializers.DateField(required=False)
    because = serializers.CharField(required=False)


class WishDelayInput(Input):
    locals().update(text_inputs("delay"))


class BodyViewSet(RoomViewSet):
    """The bodies that decide."""

    model = Body
    columns = ("kind", "name_fi", "name_sv", "name_en", "short_fi", "short_sv", "short_en", "active")
    filters = {"kind": "kind", "active": "active"}
    search = ("name_fi", "name_sv", "name_en")
    ordering = ("name_fi", "name_sv", "name_en", "kind")
    create = move(BodyInput, commands.record_body, right="record_body")
    edit = move(BodyEdit, commands.edit_body, right="record_body")


IDS = serializers.ListField(child=serializers.IntegerField(), allow_null=True)
ALSO = {"points": {"programmes": serializers.ListField(child=serializers.IntegerField())}}


class DecisionViewSet(RoomViewSet):
    """Decisions of the bodies, planned and made."""

    model = Decision
    columns = (
        "body_id", "title_fi", "title_sv", "title_en", "case_number", "council_item", "section", "outcome",
        "planned_on", "planned_text_fi", "planned_text_sv", "planned_text_en",
        "decided_on", "date_precision", "date_text_fi", "date_text_sv", "date_text_en", "earliest_on", "latest_on",
        "minutes_checked_on", "presenter", "proposal_fi", "proposal_sv", "proposal_en",
        "handling_fi", "handling_sv", "handling_en", "explanation_fi", "explanation_sv", "explanation_en",
        "source_language", "texts",
    )  # fmt: skip
    filters = {
        "body": "body_id",
        "body_kind": "body__kind",
        "outcome": "outcome",
        "from": "decided_on__gte",
        "to": "decided_on__lte",
        "case_number": "case_number",
        "section": "section",
        "kind": "points__kind",
        "programme": "points__programme_links__programme_id",
    }
    search = ("title_fi", "title_sv", "title_en", "case_number")
    ordering = ("decided_on", "-decided_on", "planned_on", "section", "title_fi", "title_sv", "title_en")
    create = move(DecisionRecordInput, commands.record_decision, right="record_decision")
    edit = move(DecisionItemInput, commands.edit_decision, right="record_decision")

    beside = {
        **{name: lines(f"{model.__name__}Line", model, ("id", counter, *columns), **ALSO.get(name, {}))
           for name, (model, counter, columns) in queries.SHOWN.items()},
        "continues": IDS,
        "final": serializers.BooleanField(allow_null=True),
        "warnings": ErrorSerializer(many=True, allow_null=True),
        "used_by": serializers.ListField(child=serializers.CharField(), allow_null=True),
    }  # fmt: skip

    def retrieve(self, request: Request, pk: str) -> Response:
        """One decision with its lines, now or as of a moment."""
        response = super().retrieve(request, pk)
        if as_of := request.query_params.get("as_of"):
            response.data |= queries.lines(int(pk), cut=history.seq_at(as_of))
        return response

    def extra(self, thing: Decision) -> dict[str, Any]:
        """Its lines, whether it is final, what looks odd, and what rests on it."""
        return queries.lines(thing.pk) | {
            "final": governance.is_final(thing),
            "warnings": [warning.as_dict() for warning in queries.warnings(thing)],
            "used_by": governance.resting_on(thing),
        }

    record_outcome = move(DecisionOutcomeInput, commands.record_outcome, right="record_decision")
    check_minutes = move(MinutesCheckedInput, commands.check_minutes, right="record_decision")
    correct = move(DecisionCorrectionInput, commands.correct_decision, right="correct_decision")
    name_programmes = move(PointProgrammesInput, commands.name_programmes, right="record_decision")
    add_wish = move(WishInput, commands.add_wish, right="record_wish", creates=True)
    add_amendment = move(AmendmentInput, commands.add_amendment, right="record_decision", creates=True)
    add_minutes_version = move(MinutesVersionInput, commands.add_minutes_version, right="record_decision", creates=True)


class DecisionPointViewSet(RoomViewSet):
    """The numbered points of decisions; they are written with their decisions."""

    model = DecisionPoint
    columns = ("decision_id", "number", "kind", "text_fi", "text_sv", "text_en", "source_language", "texts")
    filters = {"decision": "decision_id", "kind": "kind", "programme": "programme_links__programme_id"}
    search = ("text_fi", "text_sv", "text_en")
    ordering = ("decision_id", "number")


class WishViewSet(RoomViewSet):
    """The wishes of the council, and their answers."""

    model = Wish
    columns = (
        "decision_id", "order", "text_fi", "text_sv", "text_en", "adopted", "programme_id", "owner_id", "state",
        "answer_fi", "answer_sv", "answer_en", "answered_on", "delay_fi", "delay_sv", "delay_en", "delayed_on",
        "source_language", "texts",
    )  # fmt: skip
    filters = {"decision": "decision_id", "owner": "owner_id", "programme": "programme_id", "state": "state"}
    search = ("text_fi", "text_sv", "text_en", "answer_fi", "answer_sv", "answer_en")
    ordering = ("decision_id", "order", "answered_on", "state")

    assign = move(WishOwnerInput, commands.assign_wish, right="record_wish")
    answer_wish = move(WishAnswerInput, commands.answer_wish, right="answer_wish", url_path="answer")
    delay_wish = move(WishDelayInput, commands.delay_wish, right="answer_wish", url_path="delay")


class AssignableUnitViewSet(RoomViewSet):
    """The units on which a role can be held, by name and no more of them."""

    model = Body
    columns = ("kind", "name_fi", "name_sv", "name_en")
    filters = {"kind": "kind"}
    search = ("name_fi", "name_sv", "name_en")
    ordering = ("id",)
    visible = staticmethod(permissions.assignable)
    history = None
