"""Addresses of the pages on which people are merged and told apart."""

from django.urls import path

from qunying.doors.console.ground.merges import views

urlpatterns = [
    path("merges/", views.merges, name="merges"),
    path("merges/look/", views.look, name="merges_look"),
    path("merges/rules/", views.rules, name="merges_rules"),
    path("merges/likenesses/<int:pk>/dismiss/", views.dismiss, name="likeness_dismiss"),
    path("merges/likenesses/<int:pk>/reopen/", views.reopen, name="likeness_reopen"),
    path("merges/<int:pk>/undo/", views.undo, name="merge_undo"),
    path("members/<int:pk>/merge/", views.compare, name="member_merge"),
    path("members/<int:pk>/merge/<int:other_pk>/", views.merge, name="member_merge_with"),
]
