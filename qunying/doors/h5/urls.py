"""Addresses that members and visitors open; short, for they are printed."""

from django.urls import path

from qunying.doors.h5 import landing, links

urlpatterns = [
    path("l/<str:code>", links.follow, name="short_link"),
    path("j/<slug:code>", landing.landing, name="landing"),
    path("j/<slug:code>/<slug:digest>.jpg", landing.picture, name="landing_picture"),
]
