"""Where the resources of projects are found under /api/v1/: each view set of a room under the name of what it shows."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from projects import resources
from projects.api import ClosingViewSet

router = SimpleRouter()
for view_set in resources.every():
    name = resources.named(view_set)
    router.register(name, view_set, basename=name)

urlpatterns = [
    path("programmes/<id:pk>/close/", ClosingViewSet.as_view({"post": "close"}), name="programmes-close"),
    *router.urls,
]
