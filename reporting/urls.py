"""The resources of this package under /api/v1/."""

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from reporting.api.remarks import MissingTranslationViewSet
from reporting.api.reports import ReportViewSet
from reporting.api.schedules import ReportScheduleViewSet
from reporting.api.texts import TextViewSet

router = SimpleRouter()
router.register("report-schedules", ReportScheduleViewSet, basename="report-schedules")
router.register("reports", ReportViewSet, basename="reports")

missing = MissingTranslationViewSet.as_view({"get": "list"})
texts = TextViewSet.as_view({"get": "list"})
marks = TextViewSet.as_view({"post": "create"})
# A file has no slash at the end of its address; with one it is found too.
FILES = {
    "snapshot": r"snapshot\.json", "bundle": r"bundle\.json",
    "file": r"files/(?P<language>[^/.]{1,20})\.(?P<kind>[^/.]{1,20})",
}  # fmt: skip
files = [
    re_path(
        rf"^reports/(?P<pk>{ReportViewSet.lookup_value_regex})/{name}$",
        ReportViewSet.as_view({"get": action}, **getattr(ReportViewSet, action).kwargs),
    )
    for action, name in FILES.items()
]
urlpatterns = [
    path("texts/missing/", texts, name="texts-missing"),
    path("texts/marks/", marks, name="texts-marks"),
    path("translated-remarks/missing/", missing, name="translated-remarks-missing"),
    *files,
    *router.urls,
]
