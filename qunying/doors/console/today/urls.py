"""Addresses of Today and of work."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from qunying.doors.console.today import acts, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.today, name="today"),
    path("today/overnight/", views.overnight, name="today_overnight"),
    path("work/new/", acts.new_work, name="work_new"),
    path("work/<int:pk>/", acts.work, name="work"),
    path("work/<int:pk>/done/", acts.done, name="work_done"),
    path("work/<int:pk>/reopen/", acts.reopen, name="work_reopen"),
    path("work/<int:pk>/skip/", acts.skip, name="work_skip"),
    path("work/<int:pk>/unskip/", acts.unskip, name="work_unskip"),
    path("work/<int:pk>/drop/", acts.drop, name="work_drop"),
]
