"""Where every page of the console lives; each area has its own list beside its views."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from qunying.doors.console import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("look/theme/", views.set_theme, name="set_theme"),
    path("look/language/", set_language, name="set_language"),
    path("switch/", views.switch_list, name="switch_list"),
    path("accounts/", include("allauth.urls")),
    path("", include("qunying.doors.console.ground.figures.urls")),
]
