"""The address map: pages, the API, its schema, health."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from config.health import health

urlpatterns = [
    path("healthz", health, name="health"),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/", include("portfolio.urls")),
    path("api/v1/", include("projects.urls")),
    path("api/v1/", include("reporting.urls")),
]
