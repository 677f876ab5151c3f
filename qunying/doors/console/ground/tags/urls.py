"""Addresses of the pages of dimensions and tags."""

from django.urls import path

from qunying.doors.console.ground.tags import views

urlpatterns = [
    path("tags/", views.tags, name="tags"),
    path("tags/export/", views.export, name="tags_export"),
    path("tags/ship/", views.ship, name="tags_ship"),
    path("tags/dimensions/<int:pk>/", views.change_dimension, name="tags_dimension"),
    path("tags/<int:pk>/", views.change_tag, name="tags_tag"),
]
