"""Schedules, snapshots, findings, renditions and publications as a Django app."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portfolio import refusals
        from portfolio.people import drafts
        from reporting import cut_offs, importing  # noqa: F401  (importing registers its takers)
        from reporting.refusals import REFUSALS

        refusals.register(REFUSALS)
        drafts.tell_cut_offs(cut_offs.taken_by_a_cut_off)
