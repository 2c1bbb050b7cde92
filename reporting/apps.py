"""Schedules, snapshots, findings, renditions and publications as a Django app."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portfolio import refusals
        from reporting import importing  # noqa: F401  (registers its takers)
        from reporting.refusals import REFUSALS

        refusals.register(REFUSALS)
