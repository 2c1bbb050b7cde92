"""Budgets and fundings in JSON."""

from rest_framework import serializers

from portfolio.api import Input, RoomViewSet, move, of, where
from projects.money import commands
from projects.money.models import Budget, Funding


class BudgetSourceInput(Input):
    says = of(Funding, "source", "funder", "source_language", "budget", "granted")


class BudgetInput(Input):
    says = of(Budget, "programme", "project", "year", "total")
    sources = BudgetSourceInput(many=True)


class BudgetReviseInput(Input):
    says = of(Budget, "total")
    sources = BudgetSourceInput(many=True)
    # Blank reaches the command, which refuses it under the rule's own code.
    because = serializers.CharField(allow_blank=True, default="")


class BudgetViewSet(RoomViewSet):
    model = Budget
    filters = where("programme", "project", "year")
    ordering = ("year", "programme_id", "project_id")

    create = move(BudgetInput, commands.set_budget, right="keep_money")
    revise = move(BudgetReviseInput, commands.revise_budget, right="keep_money")


class FundingGrantInput(Input):
    granted = serializers.DecimalField(max_digits=14, decimal_places=2)
    because = serializers.CharField(required=False, allow_blank=True)


class FundingUseInput(Input):
    used = serializers.DecimalField(max_digits=14, decimal_places=2)
    used_on = serializers.DateField()
    because = serializers.CharField(required=False, allow_blank=True)


class FundingViewSet(RoomViewSet):
    model = Funding
    filters = where("programme", "project", "year", "source", programme_level="project_id__isnull")
    search = ("funder",)
    ordering = ("year", "programme_id", "project_id", "source")

    grant = move(FundingGrantInput, commands.grant_funding, right="keep_money")
    record_use = move(FundingUseInput, commands.record_use, right="keep_money")
