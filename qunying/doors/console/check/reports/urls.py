"""Addresses of the weekly report."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from qunying.doors.console.check.reports import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("report/", views.choose, name="reports"),
    path("communities/<slug:slug>/report/", views.preview, name="report"),
    path("communities/<slug:slug>/report/sheet/", views.sheet, name="report_sheet"),
    path("communities/<slug:slug>/report/<str:name>.<str:form>", views.download, name="report_file"),
]
