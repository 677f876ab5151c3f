"""What lies on the flower shop's desk, read from desk.toml: its team, what it says and sends, how people come."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import override

from qunying.do.journeys.models import Journey
from qunying.do.journeys.playbook import plain_of
from qunying.do.journeys.services import hand_in_version, make_journey, release_version
from qunying.do.journeys.services_travellers import start_members
from qunying.do.publishing.models import Publication
from qunying.do.publishing.services import publish_entry
from qunying.do.reach.models import Sending
from qunying.do.reach.services import Draft as Letter
from qunying.do.reach.services import hand_in as hand_in_sending
from qunying.do.reach.services import release_sending, write_sending
from qunying.do.recruitment.models import Channel
from qunying.do.recruitment.queries import channels_into
from qunying.do.recruitment.services import About, book_cost, create_channel
from qunying.doors.demo.chain import Colleague
from qunying.doors.demo.example import DEMO
from qunying.doors.demo.library import fill_library, take_sent_in
from qunying.doors.demo.plan import FLAGSHIP
from qunying.ground.access.models import Staff
from qunying.ground.groups.models import Group, Membership
from qunying.kit.saying import say
from qunying.plan.content.models import Entry, Theme
from qunying.plan.content.services import Draft, Planned, hand_in, propose_entry, write_version
from qunying.plan.content.services_reviews import PROOFREADS, pass_review, send_back
from qunying.plan.content.services_themes import ship_themes
from qunying.plan.playbooks.shelf import playbook_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qunying.doors.demo.plan import Plan
    from qunying.ground.groups.models import Community

WRITER = Colleague("demo-xiaohe", "小禾（内容编辑）", "specialist", FLAGSHIP.units)
FIRST = Colleague("demo-shen", "沈姐（初审）", "first_reviewer", FLAGSHIP.units)
KEEPER = Colleague("demo-lu", "陆店长（花店）", "lead", FLAGSHIP.units)
CREW = (WRITER, FIRST, KEEPER)
"""Three people, so that nobody reviews their own words."""

_MONTHS = 3
_TRAVELLERS = 8
_DESK: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@transaction.atomic
def lay_desk(community: Community, plan: Plan) -> None:
    """Put on the desk what is not there yet; the team must have been hired. The shop speaks Chinese, whoever asks."""
    with override("zh-hans"):
        _lay(community, plan)


def _lay(community: Community, plan: Plan) -> None:
    writer, first, keeper = (Staff.objects.get(username=one.username) for one in CREW)
    if not Entry.objects.filter(community=community, title=_DESK["entries"][0]["title"]).exists():
        themes = _themes(community)
        for told in _DESK["entries"]:
            _put_entry(told, community, themes, plan=plan, team=(writer, first, keeper))
    if not channels_into(community).exists():
        for told in _DESK["channels"]:
            _put_channel(told, community, plan)
    if not Sending.objects.filter(community=community).exists():
        for told in _DESK["sendings"]:
            _put_sending(told, community, writer=writer, keeper=keeper)
    _publish_next(community, plan, by=keeper)
    _start_journeys(community, writer=writer, keeper=keeper)
    fill_library(community, _DESK, today=plan.today, by=writer)
    take_sent_in(community, _DESK, by=writer)


def _publish_next(community: Community, plan: Plan, *, by: Staff) -> None:
    """Have what is approved and still to come go out at its time."""
    if Publication.objects.filter(community=community).exists():
        return
    groups = list(Group.objects.filter(community=community, kind=Group.Kind.GENERAL))
    coming = Entry.objects.filter(community=community, state=Entry.State.APPROVED, slot_day__gt=plan.today)
    for entry in coming:
        if entry.slot_day is not None and entry.slot_time is not None:
            at = datetime.combine(entry.slot_day, entry.slot_time, ZoneInfo(community.timezone))
            publish_entry(entry, groups=groups, due_at=at, by=by)


def _start_journeys(community: Community, *, writer: Staff, keeper: Staff) -> None:
    """Let the welcome of the playbooks run, and put the newest members on it."""
    if Journey.objects.filter(community=community).exists():
        return
    [welcome] = [item for item in playbook_named("process").content["journeys"] if item["key"] == "welcome"]
    journey = make_journey(community, name=say(welcome["title"]), definition=plain_of(welcome), by=writer)
    version = journey.versions.get()
    hand_in_version(version, by=writer)
    release_version(version, by=keeper, seen=version.content_hash)
    newest = Membership.objects.filter(community=community, left_at=None, identity__member__is_staff=False)
    members = newest.order_by("-joined_at").values_list("identity__member", flat=True)[:_TRAVELLERS]
    if members:
        start_members(journey, members=members, by=writer)


def _themes(community: Community) -> Mapping[str, Theme]:
    themes = Theme.objects.filter(community=community, archived_at__isnull=True)
    return {one.name: one for one in (themes if themes.exists() else ship_themes(community, by=DEMO))}


def _put_entry(
    told: Mapping[str, Any],
    community: Community,
    themes: Mapping[str, Theme],
    *,
    plan: Plan,
    team: tuple[Staff, Staff, Staff],
) -> None:
    writer, first, second = team
    day = plan.today + timedelta(days=told["day"])
    planned = Planned(
        theme=themes.get(told["theme"]),
        owner=writer,
        due=day - timedelta(days=1),
        slot_day=day,
        slot_time=time.fromisoformat(told["time"]),
        source=told.get("source", Entry.Source.OWN),
        note=told.get("note", "") if told["state"] == "topic" else "",
    )
    entry = propose_entry(told["title"], community=community, form=told["form"], planned=planned, by=writer)
    if told["state"] == "topic":
        return
    version = write_version(entry, draft=Draft(told["title"], told["form"], told["words"].strip()), by=writer)
    entry = hand_in(version.entry, by=writer)
    if told["state"] == "back":
        send_back(entry, by=first, note=told["note"])
    if told["state"] in {"second", "approved"}:
        pass_review(entry, by=first, digest=version.digest, proofreads=PROOFREADS)
    if told["state"] == "approved":
        pass_review(entry, by=second, digest=version.digest, proofreads=PROOFREADS)


def _put_channel(told: Mapping[str, Any], community: Community, plan: Plan) -> None:
    about = About(told["name"], Channel.Kind(told["kind"]), told["wanted"])
    channel = create_channel(community, about=about, by=DEMO)
    for day in _firsts(plan.last) if "monthly" in told else ():
        book_cost(channel, community=community, day=day, amount=told["monthly"], note=told["note"], by=DEMO)


def _firsts(last: date) -> list[date]:
    """The first days of the months up to this day, the newest first."""
    days = [last.replace(day=1)]
    while len(days) < _MONTHS:
        days.append((days[-1] - timedelta(days=1)).replace(day=1))
    return days


def _put_sending(told: Mapping[str, Any], community: Community, *, writer: Staff, keeper: Staff) -> None:
    groups = Group.objects.filter(community=community, kind=Group.Kind.GENERAL)
    advert = told["words"].startswith("广告")
    letter = Letter(told["title"], told["words"].strip(), groups=list(groups), advert=advert)
    sending = write_sending(community, letter, by=writer)
    hand_in_sending(sending, by=writer)
    if told["state"] == "going":
        sending.refresh_from_db()
        release_sending(sending, by=keeper, seen=sending.checked_hash)
