"""Addresses of the overview and the figure pages: for all one may see, and for one community."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from qunying.doors.console.ground.figures import drawer, views

_PAGES = ("activity", "retention", "funnel", "lifecycle", "orders")

urlpatterns: list[URLPattern | URLResolver] = [
    path("overview/", views.page, {"name": "overview"}, name="overview"),
    path("figures/<slug:name>/panel/", views.panel, name="panel"),
    path("figures/<slug:metric>/", drawer.figure, name="figure"),
    path("communities/<slug:slug>/", views.page, {"name": "overview"}, name="community"),
    path("communities/<slug:slug>/", views.page, {"name": "overview"}, name="community_overview"),
    path("communities/<slug:slug>/figures/<slug:name>/panel/", views.panel, name="community_panel"),
    path("communities/<slug:slug>/figures/<slug:metric>/", drawer.figure, name="community_figure"),
]
for _page in _PAGES:
    urlpatterns += [
        path(f"{_page}/", views.page, {"name": _page}, name=_page),
        path(f"communities/<slug:slug>/{_page}/", views.page, {"name": _page}, name=f"community_{_page}"),
    ]
