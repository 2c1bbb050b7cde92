"""The resources of this package under /api/v1/."""

from rest_framework.routers import SimpleRouter

from reporting.api import ReportScheduleViewSet, ReportViewSet

router = SimpleRouter()
router.register("report-schedules", ReportScheduleViewSet, basename="report-schedules")
router.register("reports", ReportViewSet, basename="reports")

urlpatterns = router.urls
