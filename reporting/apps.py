"""Schedules, snapshots, findings, renditions and publications as a Django app."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portfolio import refusals
        from portfolio.people import drafts
        from portfolio.work import kinds
        from reporting.documents import kinds as documents
        from reporting.documents import refusals as of_documents
        from reporting.reports import cut_offs, document, work
        from reporting.reports import refusals as of_reports
        from reporting.schedule import importing  # noqa: F401  (importing registers its takers)
        from reporting.schedule import refusals as of_schedules

        refusals.register(of_documents.REFUSALS)
        refusals.register(of_schedules.REFUSALS)
        refusals.register(of_reports.REFUSALS)
        kinds.register(*work.KINDS)
        documents.declare(document.KIND)
        drafts.tell_cut_offs(cut_offs.taken_by_a_cut_off)
