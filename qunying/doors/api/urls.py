"""Every address of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from qunying.doors.api.act import decisions
from qunying.doors.api.check import boards, logos, looks, schedules
from qunying.doors.api.do import (
    channel_acts,
    channels,
    deliveries,
    journeys,
    measures,
    publications,
    returns,
    sendings,
    travellers,
)
from qunying.doors.api.ground import (
    accounts,
    bringing,
    charges,
    communities,
    events,
    figures,
    many,
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
from qunying.doors.api.plan import (
    cadences,
    calls,
    choosing,
    entries,
    goals,
    intents,
    materials,
    playbooks,
    scripts,
    shelf,
    submissions,
    themes,
    versions,
    word_lists,
)

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

api = House(
    title="Qunying API",
    version="1",
    description="What the console does, for programs. Every request brings a key: `Authorization: Bearer qy_…`.",
    docs_url=None,
    urls_namespace="api",
)
PEOPLE = (charges, members, many, vocabulary, merges, privacy, requests)
GROUND = (events, communities, tree, *PEOPLE, figures, running, bringing, upkeep, accounts)
CONTENT = (themes, cadences, entries, versions, submissions, calls, materials, scripts)
PLAN = (shelf, choosing, playbooks, goals, intents, word_lists, *CONTENT)
DO = (channels, channel_acts, measures, sendings, deliveries, publications, returns, journeys, travellers)
for area in (*GROUND, *PLAN, *DO, looks, boards, schedules, logos, decisions):
    api.add_router("", area.router)

urlpatterns: list[URLPattern | URLResolver] = [path("api/v1/", api.urls)]
