"""The composition root as a Django app: the city's own words, and what a service needs before it starts."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from config import readiness, terms
from portfolio import city


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        register(readiness.check, Tags.database)
        register(readiness.check_settings)
        try:
            terms.speak(city.identity())
        except city.FaultyIdentity:
            return  # the check above says so when a service starts
