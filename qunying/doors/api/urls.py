"""Every address of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from qunying.doors.api.act import decisions
from qunying.doors.api.check import looks, schedules
from qunying.doors.api.do import channels
from qunying.doors.api.ground import (
    charges,
    communities,
    events,
    figures,
    members,
    merges,
    privacy,
    requests,
    running,
    tree,
    upkeep,
    vocabulary,
)
from qunying.doors.api.house import House
from qunying.doors.api.plan import goals, intents, playbooks, shelf

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

api = House(
    title="Qunying API",
    version="1",
    description="What the console does, for programs. Every request brings a key: `Authorization: Bearer qy_…`.",
    docs_url=None,
    urls_namespace="api",
)
GROUND = (events, communities, tree, charges, members, vocabulary, merges, privacy, requests, figures, running, upkeep)
for area in (*GROUND, shelf, playbooks, goals, intents, channels, looks, schedules, decisions):
    api.add_router("", area.router)

urlpatterns: list[URLPattern | URLResolver] = [path("api/v1/", api.urls)]
