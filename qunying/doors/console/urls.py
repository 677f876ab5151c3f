"""Where every page of the console lives; each area has its own list beside its views."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from qunying.doors.console import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("qunying.doors.api.urls")),
    path("", include("qunying.doors.callbacks.urls")),
    path("", include("qunying.doors.h5.urls")),
    path("look/theme/", views.set_theme, name="set_theme"),
    path("switch/", views.switch_list, name="switch_list"),
    path("", include("qunying.doors.console.today.urls")),
    path("", include("qunying.doors.console.ground.account.urls")),
    path("", include("qunying.doors.console.ground.communities.urls")),
    path("", include("qunying.doors.console.ground.members.urls")),
    path("", include("qunying.doors.console.ground.merges.urls")),
    path("", include("qunying.doors.console.ground.segments.urls")),
    path("", include("qunying.doors.console.ground.tags.urls")),
    path("", include("qunying.doors.console.ground.privacy.urls")),
    path("", include("qunying.doors.console.ground.imports.urls")),
    path("", include("qunying.doors.console.ground.figures.urls")),
    path("", include("qunying.doors.console.plan.playbooks.urls")),
    path("", include("qunying.doors.console.plan.goals.urls")),
    path("", include("qunying.doors.console.plan.compliance.urls")),
    path("", include("qunying.doors.console.plan.content.urls")),
    path("", include("qunying.doors.console.plan.materials.urls")),
    path("", include("qunying.doors.console.do.reach.urls")),
    path("", include("qunying.doors.console.do.admission.urls")),
    path("", include("qunying.doors.console.do.recruitment.urls")),
    path("", include("qunying.doors.console.do.publishing.urls")),
    path("", include("qunying.doors.console.do.journeys.urls")),
    path("", include("qunying.doors.console.check.supervision.urls")),
    path("", include("qunying.doors.console.check.reports.urls")),
    path("", include("qunying.doors.console.act.suggestions.urls")),
    path("", include("qunying.doors.console.ground.organisation.urls")),
    path("", include("qunying.doors.console.ground.webhooks.urls")),
    path("", include("qunying.doors.console.ground.platforms.urls")),
    path("", include("qunying.doors.console.ground.system.urls")),
    path("", include("qunying.doors.console.ground.health.urls")),
]
