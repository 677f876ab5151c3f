"""Addresses of the reports."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from qunying.doors.console.check.reports import schedules, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("report/", views.choose, name="reports"),
    path("report/schedules/", schedules.schedules, name="report_schedules"),
    path("report/schedules/<int:pk>/pause/", schedules.switch_schedule, {"act": "pause"}, name="report_pause"),
    path("report/schedules/<int:pk>/resume/", schedules.switch_schedule, {"act": "resume"}, name="report_resume"),
    path("report/schedules/<int:pk>/make/", schedules.switch_schedule, {"act": "make"}, name="report_make"),
    path("report/made/<int:pk>/", schedules.made_file, name="report_made"),
    path("report/made/<int:pk>/send/", schedules.send_again, name="report_send"),
    path("communities/<slug:slug>/report/schedules/new/", schedules.new_schedule, name="report_schedule_new"),
    path("communities/<slug:slug>/report/", views.preview, name="report"),
    path("communities/<slug:slug>/report/sheet/", views.sheet, name="report_sheet"),
    path("communities/<slug:slug>/report/<str:name>.<str:form>", views.download, name="report_file"),
]
