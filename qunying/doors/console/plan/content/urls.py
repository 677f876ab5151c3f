"""Addresses of the pages of content."""

from django.urls import path

from qunying.doors.console.plan.content import calendar, one, sent, themes, views, writing

_ALL = "communities/<slug:slug>/content/"
_ONE = f"{_ALL}<int:pk>/"

urlpatterns = [
    path(_ALL, views.content, name="content"),
    path(f"{_ALL}export/", views.export, name="content_export"),
    path(f"{_ALL}bulk/", views.bulk, name="content_bulk"),
    path(f"{_ALL}undo/", views.undo, name="content_undo"),
    path(f"{_ALL}new/", views.new, name="entry_new"),
    path(f"{_ALL}calendar/", calendar.calendar, name="content_calendar"),
    path(f"{_ALL}calendar/move/", calendar.move, name="content_move"),
    path(f"{_ALL}calendar/back/", calendar.move_back, name="content_move_back"),
    path(f"{_ALL}themes/", themes.themes, name="content_themes"),
    path(f"{_ALL}themes/change/", themes.change, name="content_theme"),
    path(f"{_ALL}sent-in/", sent.submissions, name="submissions"),
    path(f"{_ALL}sent-in/export/", sent.export, name="submissions_export"),
    path(f"{_ALL}sent-in/pages/", sent.calls, name="submission_calls"),
    path(f"{_ALL}sent-in/<int:pk>/", sent.submission, name="submission"),
    path(f"{_ALL}sent-in/<int:pk>/act/", sent.act, name="submission_act"),
    path(f"{_ALL}sent-in/<int:pk>/contact/", sent.contact, name="submission_contact"),
    path(f"{_ALL}sent-in/<int:pk>/pictures/<int:place>/", sent.picture, name="submission_picture"),
    path(_ONE, one.entry, name="entry"),
    path(f"{_ONE}act/", one.act, name="entry_act"),
    path(f"{_ONE}write/", writing.write, name="entry_write"),
    path(f"{_ONE}plan/", writing.plan, name="entry_plan"),
    path(f"{_ONE}versions/<int:number>/", one.version, name="entry_version"),
    path(f"{_ONE}files/<int:number>/", one.file, name="entry_file"),
    path(f"{_ONE}pictures/<int:picture_pk>/", one.picture, name="entry_picture"),
]
