"""The composition root as a Django app: it refuses to start a service without a sound identity of the city."""

from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register

from config import terms
from portfolio import city


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        register(the_city_is_told, Tags.database)
        try:
            terms.speak(city.identity())
        except city.Faulty:
            return  # the check above says so when a service starts


def the_city_is_told(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """IDENTITY_FILE says whose programmes these are; asked, as the database is, when a service starts."""
    if not databases:
        return []
    try:
        city.identity()
    except city.Faulty as faulty:
        return [Error(str(faulty), hint="docs/how-to/deploy.md says what stands in it.", id="config.E002")]
    return []
