"""The Django application of projects; tells the portfolio its refusals and what its projects work for."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"

    def ready(self) -> None:
        from portfolio import refusals
        from portfolio.people import permissions
        from projects import importing, queries, rooms  # noqa: F401  (importing registers its takers)
        from projects.refusals import REFUSALS
        from projects.register.models import Project

        tuple(rooms.modules("importing"))  # each registers its takers
        refusals.register(REFUSALS)
        permissions.tie(queries.ties_in_force, Project)
