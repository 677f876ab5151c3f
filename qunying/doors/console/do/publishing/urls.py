"""Addresses of publications."""

from __future__ import annotations

from django.urls import path

from qunying.doors.console.do.publishing import acts, months, noting, planning, views

_ALL = "communities/<slug:slug>/publications/"
_ONE = f"{_ALL}<int:pk>/"
_ENTRY = "communities/<slug:slug>/content/<int:pk>/publish/"
_PIECES = "communities/<slug:slug>/content/<int:pk>/figures/"

urlpatterns = [
    path(_ALL, views.publications, name="publications"),
    path(f"{_ALL}export/", views.export, name="publications_export"),
    path(_ONE, views.one, name="publication"),
    path(f"{_ONE}move/", acts.move, name="publication_move"),
    path(f"{_ONE}cancel/", acts.cancel, name="publication_cancel"),
    path(f"{_ONE}again/", acts.again, name="publication_again"),
    path(f"{_ONE}settle/<int:delivery_pk>/", acts.settle, name="publication_settle"),
    path(f"{_ONE}note/", noting.note, name="publication_note"),
    path(f"{_ALL}months/", months.months, name="publication_months"),
    path(_PIECES, noting.pieces, name="entry_pieces"),
    path(f"{_PIECES}tie/", noting.tie, name="entry_piece_tie"),
    path(f"{_PIECES}untie/", noting.untie, name="entry_piece_untie"),
    path(_ENTRY, planning.publish, name="entry_publish"),
    path(f"{_ENTRY}as-planned/", planning.publish_as_planned, name="entry_publish_now"),
]
