"""Addresses that members and visitors open; short, for they are printed."""

from django.urls import path

from qunying.doors.h5 import introducing, landing, links, submitting

urlpatterns = [
    path("l/<str:code>", links.follow, name="short_link"),
    path("j/<slug:code>", landing.landing, name="landing"),
    path("j/<slug:code>/<slug:digest>.jpg", landing.picture, name="landing_picture"),
    path("w/<slug:code>", submitting.send_in, name="send_in"),
    path("w/by/back", introducing.introduced, name="introduced"),
    path("w/by/<slug:code>", introducing.introduce, name="introduce"),
    path("w/of/<slug:code>", submitting.sent_in, name="sent_in"),
]
