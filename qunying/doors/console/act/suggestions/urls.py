"""Addresses of suggestions."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from qunying.doors.console.act.suggestions import acts, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("suggestions/", views.queue, name="suggestions"),
    path("communities/<slug:slug>/suggestions/", views.queue, name="community_suggestions"),
    path("communities/<slug:slug>/suggestions/look/", acts.look, name="suggestions_look"),
    path("suggestions/<int:pk>/", views.origin, name="suggestion_origin"),
    path("suggestions/<int:pk>/accept/", acts.accept, name="suggestion_accept"),
    path("suggestions/<int:pk>/dismiss/", acts.dismiss, name="suggestion_dismiss"),
    path("suggestions/<int:pk>/reopen/", acts.reopen, name="suggestion_reopen"),
]
