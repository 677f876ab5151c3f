"""Addresses of the pages of segments."""

from django.urls import path

from qunying.doors.console.ground.segments import building, views

urlpatterns = [
    path("segments/", views.segments, name="segments"),
    path("segments/export/", views.export, name="segments_export"),
    path("segments/new/", building.new, name="segment_new"),
    path("segments/draft/", building.draft, name="segment_draft"),
    path("segments/<int:pk>/", views.segment, name="segment"),
    path("segments/<int:pk>/edit/", building.edit, name="segment_edit"),
    path("segments/<int:pk>/tag/", views.tag, name="segment_tag"),
    path("segments/<int:pk>/remove/", views.remove, name="segment_remove"),
]
