"""The resources of this package under /api/v1/."""

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from reporting.api.documents import DocumentViewSet
from reporting.api.remarks import MissingTranslationViewSet
from reporting.api.reports import ReportViewSet
from reporting.api.schedules import ReportScheduleViewSet
from reporting.api.texts import TextViewSet
from reporting.api.worklist import WorkListViewSet

router = SimpleRouter()
router.register("documents", DocumentViewSet, basename="documents")
router.register("report-schedules", ReportScheduleViewSet, basename="report-schedules")
router.register("reports", ReportViewSet, basename="reports")

missing = MissingTranslationViewSet.as_view({"get": "list"})
texts = TextViewSet.as_view({"get": "list"})
marks = TextViewSet.as_view({"post": "create"})
# A file has no slash at the end of its address; with one it is found too.
FILES = (
    ("reports", ReportViewSet, "snapshot"),
    ("reports", ReportViewSet, "bundle"),
    ("reports", ReportViewSet, "file"),
    ("documents", DocumentViewSet, "file"),
)
files = [
    re_path(
        rf"^{under}/(?P<pk>{room.lookup_value_regex})/{getattr(room, action).url_path}$",
        room.as_view({"get": action}, **getattr(room, action).kwargs),
    )
    for under, room, action in FILES
]
urlpatterns = [
    path("work-list/", WorkListViewSet.as_view({"get": "list"}), name="work-list"),
    path("texts/missing/", texts, name="texts-missing"),
    path("texts/marks/", marks, name="texts-marks"),
    path("translated-remarks/missing/", missing, name="translated-remarks-missing"),
    *files,
    *router.urls,
]
