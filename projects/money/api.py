"""Budgets and fundings in JSON."""

from portfolio.api import FOR_THE_RULE, Input, RoomViewSet, move, of, says, where
from projects.money import commands
from projects.money.models import Budget, Funding


class BudgetSourceInput(Input):
    says = of(Funding, "source", "funder", "source_language", "budget", "granted")


SOURCES = BudgetSourceInput(many=True)


class BudgetViewSet(RoomViewSet):
    model = Budget
    filters = where("programme", "project", "year")
    ordering = ("year", "programme_id", "project_id")

    right = "keep_money"
    create = move(says("BudgetInput", sources=SOURCES), commands.set_budget)
    revise = move(says("BudgetReviseInput", sources=SOURCES, because=FOR_THE_RULE), commands.revise_budget)


class FundingViewSet(RoomViewSet):
    model = Funding
    filters = where("programme", "project", "year", "source", programme_level="project_id__isnull")
    search = ("funder",)
    ordering = ("year", "programme_id", "project_id", "source")

    grant = move("FundingGrantInput", commands.grant_funding, right="keep_money")
    record_use = move("FundingUseInput", commands.record_use, right="keep_money")
