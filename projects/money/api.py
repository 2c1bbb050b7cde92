"""Budgets and fundings in JSON."""

from typing import Any

from rest_framework import serializers

from portfolio.api import Input, Ref, RoomViewSet, move, name_inputs
from portfolio.programmes.models import Programme
from portfolio.texts import LANGUAGES
from projects.money import commands
from projects.money.models import Budget, Funding
from projects.register.models import Project


def euros(**options: Any) -> serializers.DecimalField:
    """A sum in euros and cents; a sum below zero reaches the constraint, which refuses it under its own code."""
    return serializers.DecimalField(max_digits=14, decimal_places=2, **options)


class BudgetSourceInput(Input):
    source = serializers.ChoiceField(Funding.Source.choices)
    locals().update(name_inputs("funder", 200))
    source_language = serializers.ChoiceField(choices=LANGUAGES, required=False)
    budget = euros()
    granted = euros(required=False, allow_null=True)


class BudgetInput(Input):
    programme = Ref(Programme)
    project = Ref(Project, required=False, allow_null=True)
    year = serializers.IntegerField()
    total = euros()
    sources = BudgetSourceInput(many=True)


class BudgetReviseInput(Input):
    total = euros()
    sources = BudgetSourceInput(many=True)
    # Blank reaches the command, which refuses it under the rule's own code.
    because = serializers.CharField(allow_blank=True, default="")


class BudgetViewSet(RoomViewSet):
    model = Budget
    columns = ("programme_id", "project_id", "year", "total")
    filters = {"programme": "programme_id", "project": "project_id", "year": "year"}
    ordering = ("year", "programme_id", "project_id")
    create = move(BudgetInput, commands.set_budget, right="keep_money")
    revise = move(BudgetReviseInput, commands.revise_budget, right="keep_money")


class FundingGrantInput(Input):
    granted = euros()
    because = serializers.CharField(required=False, allow_blank=True)


class FundingUseInput(Input):
    used = euros()
    used_on = serializers.DateField()
    because = serializers.CharField(required=False, allow_blank=True)


class FundingViewSet(RoomViewSet):
    model = Funding
    columns = (
        "programme_id", "project_id", "year", "source", "funder", "funder_fi", "funder_sv", "funder_en",
        "source_language", "texts", "budget", "granted", "used", "used_on",
    )  # fmt: skip
    filters = {
        "programme": "programme_id",
        "project": "project_id",
        "year": "year",
        "source": "source",
        "programme_level": "project_id__isnull",
    }
    search = ("funder", "funder_fi", "funder_sv", "funder_en")
    ordering = ("year", "programme_id", "project_id", "source")

    grant = move(FundingGrantInput, commands.grant_funding, right="keep_money")
    record_use = move(FundingUseInput, commands.record_use, right="keep_money")
