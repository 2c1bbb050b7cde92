"""The portfolio package as a Django app: people, strategy, decisions, programmes, steering groups, benefits."""

from django.apps import AppConfig
from django.urls import register_converter


class PortfolioConfig(AppConfig):
    name = "portfolio"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import portfolio.api  # noqa: F401  (before REST framework, whose settings name its sign-in)
        from portfolio import refusals, written
        from portfolio.importing import (  # noqa: F401  (most register their takers)
            benefits,
            decisions,
            errand,
            people,
            programmes,
            steering,
            strategy,
            targets,
        )
        from portfolio.ledger import checks  # noqa: F401  (registers the start-up checks)
        from portfolio.work import kinds

        register_converter(written.IdConverter, "id")
        refusals.register_rooms()
        kinds.register(errand.kind())
