"""Addresses of the pages of content."""

from django.urls import path

from qunying.doors.console.plan.content import one, views, writing

_ALL = "communities/<slug:slug>/content/"
_ONE = f"{_ALL}<int:pk>/"

urlpatterns = [
    path(_ALL, views.content, name="content"),
    path(f"{_ALL}export/", views.export, name="content_export"),
    path(f"{_ALL}bulk/", views.bulk, name="content_bulk"),
    path(f"{_ALL}undo/", views.undo, name="content_undo"),
    path(f"{_ALL}new/", views.new, name="entry_new"),
    path(_ONE, one.entry, name="entry"),
    path(f"{_ONE}act/", one.act, name="entry_act"),
    path(f"{_ONE}write/", writing.write, name="entry_write"),
    path(f"{_ONE}plan/", writing.plan, name="entry_plan"),
    path(f"{_ONE}versions/<int:number>/", one.version, name="entry_version"),
    path(f"{_ONE}pictures/<int:picture_pk>/", one.picture, name="entry_picture"),
]
