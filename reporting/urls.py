"""The resources of this package under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from reporting.api import ReportScheduleViewSet, ReportViewSet
from reporting.remarks_api import MissingTranslationViewSet
from reporting.texts_api import TextViewSet

router = SimpleRouter()
router.register("report-schedules", ReportScheduleViewSet, basename="report-schedules")
router.register("reports", ReportViewSet, basename="reports")

missing = MissingTranslationViewSet.as_view({"get": "list"})
texts = TextViewSet.as_view({"get": "list"})
marks = TextViewSet.as_view({"post": "create"})
urlpatterns = [
    path("texts/missing/", texts, name="texts-missing"),
    path("texts/marks/", marks, name="texts-marks"),
    path("translated-remarks/missing/", missing, name="translated-remarks-missing"),
    *router.urls,
]
