"""Addresses of supervision."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from qunying.doors.console.check.supervision import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("supervision/", views.page, name="supervision"),
    path("supervision/export/", views.export, name="supervision_export"),
    path("supervision/work/", views.work, name="supervision_work"),
    path("supervision/<int:pk>/", views.page, name="supervision_unit"),
    path("supervision/<int:pk>/export/", views.export, name="supervision_unit_export"),
    path("supervision/<int:pk>/work/", views.work, name="supervision_unit_work"),
    path("supervision/<int:pk>/tolerance/", views.tolerance, name="supervision_tolerance"),
    path("communities/<slug:slug>/supervision/work/", views.work, name="community_supervision_work"),
]
