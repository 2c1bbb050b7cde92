"""The Django application of projects; registers its refusals beside those of the portfolio."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"

    def ready(self) -> None:
        from portfolio import refusals
        from projects import importing  # noqa: F401  (registers its takers)
        from projects.refusals import REFUSALS

        refusals.register(REFUSALS)
