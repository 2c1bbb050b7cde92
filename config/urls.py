"""The address map: pages, the API, its schema, health."""

from django.urls import include, path, re_path, register_converter

from config import health
from config.shell import theme
from portfolio.api.docs import documentation
from portfolio.api.published import SchemaView
from portfolio.people import web as people
from reporting.pages import addresses
from reporting.pages.decisions import web as decisions
from reporting.pages.forms import web as forms
from reporting.pages.home import web as home
from reporting.pages.log import web as log
from reporting.pages.people import web as people_pages
from reporting.pages.programmes import web as programmes
from reporting.pages.programmes.sheets import SHEETS
from reporting.pages.programmes.tabs import OVERVIEW, TABS
from reporting.pages.projects import web as projects
from reporting.pages.remarks import web as remarks
from reporting.pages.reports import web as reports
from reporting.pages.reports.view import MOVES
from reporting.pages.search import web as search
from reporting.pages.targets import web as targets

register_converter(addresses.FormatConverter, "format")
register_converter(addresses.LanguageConverter, "language")

handler500 = "portfolio.api.middleware.unserved"

urlpatterns = [
    path("healthz", health.health, name="health"),
    path("healthz/deep", health.deep, name="health-deep"),
    path("readyz", health.ready, name="ready"),
    path("api/v1/schema/", SchemaView.as_view(), name="schema"),
    path("api/docs/", documentation, name="api-docs"),
    path("api/v1/", include("portfolio.urls")),
    path("api/v1/", include("projects.urls")),
    path("api/v1/", include("reporting.urls")),
    path("theme.css", theme, name="theme"),
    path("sign-in/", people.sign_in, name="sign-in"),
    path("sign-out/", people.sign_out, name="sign-out"),
    path("account/", people_pages.own_account, name="own-account"),
    path("people/", people_pages.register, name="people"),
    path("people/<id:pk>/", people_pages.person, name="person"),
    path("", home.home, name="home"),
    path("search/", search.search_page, name="search"),
    path("programmes/", programmes.programme_list, name="programmes"),
    path("programmes/<id:pk>/", programmes.programme_page, name="programme"),
    *(
        path(
            f"programmes/<id:pk>/{tab.path}", programmes.programme_page, {"tab": tab.name}, name=f"programme-{tab.name}"
        )
        for tab in TABS
        if tab.name not in (OVERVIEW, "history")
    ),
    path("programmes.csv", programmes.programme_list_file, name="programmes-file"),
    *(
        path(f"programmes/<id:pk>/{tab}.csv", programmes.programme_file, {"tab": tab}, name=f"programme-{tab}-file")
        for tab in SHEETS
    ),
    path("programmes/<id:pk>/history/", log.programme_history, name="programme-history"),
    path("targets/<id:pk>/", targets.target_page, name="target"),
    path("targets/<id:pk>/history/", log.target_history, name="target-history"),
    path("projects/<id:pk>/", projects.project_page, name="project"),
    path("projects/<id:pk>/history/", log.project_history, name="project-history"),
    path("decisions/<id:pk>/", decisions.decision_page, name="decision"),
    path("decisions/<id:pk>/history/", log.decision_history, name="decision-history"),
    path("reports/", reports.report_list, name="reports"),
    path("reports/<id:pk>/", reports.report_page, name="report"),
    re_path(
        rf"^reports/(?P<pk>[1-9][0-9]{{0,17}})/(?P<move>{'|'.join(MOVES)})/$",
        reports.move_report,
        name="report-move",
    ),
    path("reports/<id:pk>/unpark/", reports.let_work_on, name="report-unpark"),
    path("reports/<id:pk>/cut-off/", reports.correct_cut_off, name="report-cut-off"),
    path("reports/<id:pk>/<language:language>.<format:kind>", reports.report_file, name="report-file"),
    path("reports/<id:pk>/remarks/<language:language>/", remarks.report_remarks, name="report-remarks"),
    path("reports/<id:pk>/snapshot.json", reports.report_snapshot, name="report-snapshot"),
    path("registers/", forms.register_list, name="registers"),
    path("registers/<slug:resource>/", forms.register, name="register"),
    path("registers/<slug:resource>/<id:pk>/", forms.record, name="record"),
    path("<slug:resource>/new/", forms.create, name="create"),
    path("<slug:resource>/<id:pk>/<slug:word>/", forms.move, name="move"),
]
