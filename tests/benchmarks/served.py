"""The service as it is run, with one page more: the frame of all pages for who is signed in, and nothing in it."""

from config.wsgi import application  # isort: skip  (whose apps must be ready before the pages are read)

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import path

from config.urls import urlpatterns as own

__all__ = ["application", "urlpatterns"]

settings.ROOT_URLCONF = __name__
urlpatterns = [*own, path("floor/empty/", login_required(lambda request: render(request, "base.html")))]
