"""Addresses of the health page and of the probes."""

from __future__ import annotations

from django.urls import path

from qunying.doors.console.ground.health import probes, views

urlpatterns = [
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", probes.metrics, name="metrics"),
    path("health/", views.health, name="health"),
    path("health/export/", views.export, name="health_export"),
    path("health/look/", views.look, name="health_look"),
    path("health/backup/", views.back_up, name="health_backup"),
]
