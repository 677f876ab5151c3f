"""Addresses of the pages of consents, requests, retention and keys."""

from __future__ import annotations

from django.urls import path

from qunying.doors.console.ground.privacy import keeping, member, register, request

urlpatterns = [
    path("requests/", register.requests, name="privacy_requests"),
    path("requests/export/", register.export, name="privacy_requests_export"),
    path("requests/<int:pk>/", request.one, name="privacy_request"),
    path("requests/<int:pk>/correct/", request.correct, name="privacy_correct"),
    path("requests/<int:pk>/erase/", request.erase, name="privacy_erase"),
    path("requests/<int:pk>/close/", request.close, name="privacy_close"),
    path("members/<int:pk>/privacy/", member.page, name="member_privacy"),
    path("members/<int:pk>/privacy/consent/", member.consent, name="member_consent"),
    path("members/<int:pk>/privacy/age/", member.age, name="member_age"),
    path("members/<int:pk>/privacy/freeze/", member.freeze, name="member_freeze"),
    path("members/<int:pk>/privacy/request/", member.take, name="member_request"),
    path("members/<int:pk>/privacy/export/", member.export, name="member_export"),
    path("keeping/", keeping.page, name="keeping"),
    path("keeping/set/", keeping.set_period, name="keeping_set"),
    path("keeping/keys/", keeping.rotate, name="keys_rotate"),
]
