"""Addresses of journeys, their flow, and those who walk it."""

from __future__ import annotations

from django.urls import path

from qunying.doors.console.do.journeys import acts, editing, travellers, trying, versions, views

urlpatterns = [
    path("journeys/", views.journeys, name="journeys"),
    path("journeys/export/", views.export, name="journeys_export"),
    path("communities/<slug:slug>/journeys/", views.journeys, name="community_journeys"),
    path("communities/<slug:slug>/journeys/new/", views.new, name="journey_new"),
    path("journeys/<int:pk>/", views.one, name="journey"),
    path("journeys/<int:pk>/edit/", editing.edit, name="journey_edit"),
    path("journeys/<int:pk>/ask/", editing.ask, name="journey_ask"),
    path("journeys/<int:pk>/try/", trying.attempt, name="journey_try"),
    path("journeys/<int:pk>/versions/", versions.versions, name="journey_versions"),
    path("journeys/<int:pk>/members/", travellers.travellers, name="journey_travellers"),
    path("journeys/<int:pk>/members/export/", travellers.export, name="journey_travellers_export"),
    path("journeys/<int:pk>/hand-in/", acts.hand_in, name="journey_hand_in"),
    path("journeys/<int:pk>/give-back/", acts.give_back, name="journey_give_back"),
    path("journeys/<int:pk>/release/", acts.release, name="journey_release"),
    path("journeys/<int:pk>/pause/", acts.pause, name="journey_pause"),
    path("journeys/<int:pk>/resume/", acts.resume, name="journey_resume"),
    path("journeys/<int:pk>/rename/", acts.rename, name="journey_rename"),
    path("journeys/<int:pk>/discard/", acts.discard, name="journey_discard"),
    path("journeys/<int:pk>/archive/", acts.archive, name="journey_archive"),
    path("journeys/<int:pk>/unarchive/", acts.unarchive, name="journey_unarchive"),
    path("journeys/<int:pk>/members/start/", acts.start, name="journey_start"),
    path("journeys/<int:pk>/end/", acts.end, name="journey_end"),
    path("travellers/<int:pk>/", travellers.traveller, name="journey_traveller"),
    path("travellers/<int:pk>/stop/", acts.stop, name="journey_traveller_stop"),
]
