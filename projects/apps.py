"""The Django application of projects; tells the portfolio its refusals and what its projects work for."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"

    def ready(self) -> None:
        from portfolio import permissions, refusals
        from projects import importing, queries  # noqa: F401  (importing registers its takers)
        from projects.money import importing as money  # noqa: F401
        from projects.progress import importing as progress  # noqa: F401
        from projects.refusals import REFUSALS
        from projects.register.models import Project

        refusals.register(REFUSALS)
        permissions.tie(queries.ties_in_force, Project)
