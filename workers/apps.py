"""The ticks and doorbells as a Django app; it has no models."""

from django.apps import AppConfig


class WorkersConfig(AppConfig):
    name = "workers"
