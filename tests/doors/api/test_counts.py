"""Lists ask the database as much for one thing as for three."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qunying.check.reports.models import MadeReport
from qunying.check.reports.services_schedules import schedule_report
from qunying.do.journeys.services import make_journey
from qunying.do.publishing.models import Publication
from qunying.do.reach.models import Delivery, HandTask, Sending
from qunying.ground.events.models import Event, ParkedEvent
from qunying.ground.groups.services_stewards import recognise_member
from qunying.ground.imports.services import save_mapping
from qunying.ground.jobs.models import Job
from qunying.ground.members.services_tags import tag_members
from qunying.ground.platforms.models import Account
from qunying.ground.segments.services import create_segment
from qunying.ground.units.services import create_unit
from qunying.plan.compliance.services import create_list
from qunying.plan.content.models import Cadence
from qunying.plan.content.services_themes import set_theme
from qunying.plan.materials.services_scripts import Said, write_script
from qunying.plan.schedule.services import add_work
from tests.support.content import make_call, make_entry
from tests.support.goals import make_goal
from tests.support.journeys import plain_journey
from tests.support.materials import make_link
from tests.support.recruitment import make_channel

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member
    from tests.doors.api.conftest import Program

pytestmark = pytest.mark.django_db
EVERYONE = {"all": True, "parts": [{"is": "state", "state": "present"}]}
LISTS = {
    "units": 3,
    "tags": 3,
    "segments": 3,
    "communities/flowers/groups": 4,
    "communities/flowers/memberships": 4,
    "communities/flowers/recognitions": 4,
    "communities/flowers/mappings": 4,
    "communities/flowers/goals": 5,
    "work": 4,
    "jobs": 3,
    "acts": 6,
    "parked": 4,
    "report-schedules": 3,
    "made-reports": 3,
    "communities/flowers/themes": 4,
    "communities/flowers/entries": 5,
    "communities/flowers/channels": 4,
    "communities/flowers/join-links": 5,
    "word-lists": 7,
    "sendings": 5,
    "deliveries": 6,
    "hand-tasks": 6,
    "platform-accounts": 5,
    "journeys": 5,
    "communities/flowers/publications": 6,
    "communities/flowers/materials": 5,
    "communities/flowers/scripts": 4,
    "communities/flowers/cadences": 4,
    "communities/flowers/calls": 5,
}


@pytest.fixture
def three_of_each(community: Community, members: list[Member], director: Staff) -> None:
    """Three things in every list."""
    now, today = timezone.now(), timezone.localdate()
    schedule = schedule_report(community, grain="week", form="html", language="en", recipients=[], by=director)
    events = list(Event.objects.order_by("pk")[:3])
    for number, member in enumerate(members):
        tag_members([member.pk], dimension="城市", name=f"城市{number}", by=director)
        recognise_member(member, community=community, kind="leader", by=director)
        create_unit(f"分店{number}", parent=community.unit, by=director)
        create_segment(community.unit, name=f"人群{number}", conditions=EVERYONE, by=director)
        save_mapping(f"表{number}", community=community, format="members", columns={}, by=director)
        add_work(f"活{number}", place=community, due=today, by=director)
        make_goal(community, title=f"目标{number}")
        Job.objects.create(kind="import", unit=community.unit, actor=director.actor_key)
        ParkedEvent.objects.create(follower="warehouse", event=events[number], error="too heavy")
        MadeReport.objects.create(
            schedule=schedule, community=community, period=f"2026-W0{number + 1}", grain="week", made_at=now
        )
        _things_to_say(community, director, number)
        _ways_to_say_them(community, director, number)
        if number:
            schedule_report(community, grain="month", form="html", language="en", recipients=[], by=director)
            community.groups.create(name=f"{number}群", platform="wechat")


def _things_to_say(community: Community, director: Staff, number: int) -> None:
    """Content, and what leaves."""
    now = timezone.now()
    set_theme(f"主题{number}", community=community, by=director)
    make_entry(community)
    make_channel(community, f"传单{number}")
    create_list(f"店规{number}", kind="own", severity="warn", unit=community.unit, by=director)
    Account.objects.create(name=f"机器人{number}", platform="matrix", unit=community.unit)
    sending = Sending.objects.create(community=community, title="上新", words="今晚", author=director)
    parts = {"key": f"tests:{number}", "origin": "tests", "action": "send", "way": "hand", "state": "hand"}
    group = community.groups.earliest("pk")
    made = Delivery.objects.create(sending=sending, community=community, group=group, due_at=now, **parts)
    HandTask.objects.create(delivery=made, due_at=now)


def _ways_to_say_them(community: Community, director: Staff, number: int) -> None:
    """Journeys, publications, scripts, rules, pages for sending in."""
    make_journey(community, name=f"旅程{number}", definition=plain_journey(), by=director)
    entry = make_entry(community)
    told = {"version": entry.versions.latest("number"), "digest": "x", "due_at": timezone.now()}
    Publication.objects.create(entry=entry, community=community, by=director, **told)
    make_link(community, f"花单{number}")
    write_script(Said("问价", f"玫瑰{number}", "十九块九"), unit=community.unit, by=director)
    Cadence.objects.create(community=community, key=f"tip-{number}", title="小窍门", every="7d", start="2026-03-01")
    make_call(community)


@pytest.mark.usefixtures("three_of_each")
def test_lists_ask_as_much_for_one_thing_as_for_three(program: Program) -> None:
    asked: dict[str, list[tuple[int, int]]] = {}
    for address in LISTS:
        program.get(f"{address}?limit=1")
        for limit in (1, 3):
            with CaptureQueriesContext(connection) as queries:
                items = program.get(f"{address}?limit={limit}")["items"]
            # Once a minute the use of a key is written down, whatever is asked for.
            asks = [query for query in queries.captured_queries if not query["sql"].startswith("UPDATE")]
            asked.setdefault(address, []).append((len(items), len(asks)))
    assert asked == {address: [(1, count), (3, count)] for address, count in LISTS.items()}
