"""Every route × every member of the cast: what each is answered, written down; a new route without a line fails.

A person outside the unit is told 404, as if the thing did not exist; one inside whose role does not
reach is told 403 or, where the role sees nothing of the kind, 404; who is not signed in is led to sign-in.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from qunying.act.suggestions.models import Suggestion
from qunying.check.alerts.models import Alert
from qunying.check.reports.models import MadeReport, ReportSchedule
from qunying.doors.h5.pages import PACE
from qunying.ground.access.models import ApiKey, Invitation
from qunying.ground.events.models import Event, ParkedEvent
from qunying.ground.groups.models import Membership
from qunying.ground.groups.services_stewards import appoint_steward, recognise_member
from qunying.ground.imports.models import ImportRun
from qunying.ground.jobs.models import Job
from qunying.ground.members.models import Member, MemberTag, Tag, TagDimension
from qunying.ground.members.services_private import set_private_field
from qunying.ground.merges.models import Likeness
from qunying.ground.merges.services import merge_members
from qunying.ground.segments.services import create_segment
from qunying.ground.subjects.services import take_request
from qunying.ground.webhooks.models import Endpoint
from qunying.ground.webhooks.sealing import seal_secret
from qunying.plan.playbooks.services import draft_playbook
from qunying.plan.playbooks.services_shelf import put_playbook
from qunying.plan.playbooks.shelf import playbook_named
from qunying.plan.schedule.services import add_work
from tests.support.cast import TESTS
from tests.support.content import make_entry, make_submission
from tests.support.goals import make_goal
from tests.support.journeys import journey_things
from tests.support.materials import material_things
from tests.support.platforms import platform_things
from tests.support.publishing import publishing_things
from tests.support.reach import reach_things
from tests.support.recruitment import recruitment_things
from tests.support.routes import ROUTES
from tests.support.routes_admission import admission_things
from tests.support.words import word_things

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from django.urls import URLResolver
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
CAST = ("director", "lead", "specialist", "reviewer", "outsider", "anonymous")
HERE = {"all": True, "parts": [{"is": "state", "state": "present"}]}
OWN_BOOK = "name: own-book\nversion: 1\ntitle: 自己的方案\nfor: 小店\ndescription: 一句话\n"


def routes(patterns: Sequence[URLPattern | URLResolver] | None = None) -> Iterator[URLPattern]:
    """Every route of the console, those of included lists, too."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        elif pattern.namespace != "api":  # has keys instead of people, and tests of its own
            yield from routes(pattern.url_patterns)


def _schedule(community: Community) -> ReportSchedule:
    return ReportSchedule.objects.create(
        community=community, grain="week", form="html", language="en", since=timezone.now()
    )


def _webhook(units: Units, owner: Staff) -> Endpoint:
    made = Endpoint.objects.create(name="收银", url="https://example.com/", unit=units.shop, owner=owner)
    made.sealed = seal_secret(made, "secret")
    made.save()
    return made


def _made(schedule: ReportSchedule) -> MadeReport:
    """A report whose file has gone: nobody can take it away."""
    return MadeReport.objects.create(
        schedule=schedule,
        community=schedule.community,
        grain="week",
        period="2020-W40",
        form="html",
        language="en",
        size=1,
        made_at=timezone.now(),
    )


def _webhook_things(units: Units, owner: Staff) -> dict[str, int]:
    webhook, now = _webhook(units, owner), timezone.now()
    delivery = webhook.deliveries.create(message_id="msg", begun_at=now, due_at=now, ended_at=now, state="failed")
    return {"webhook": webhook.pk, "webhook_delivery": delivery.pk}


def _suggestion(community: Community, seen: date) -> Suggestion:
    return Suggestion.objects.create(
        community=community,
        key="speakers",
        detector="speakers",
        effect=-0.4,
        q=0.001,
        seen_first=seen,
        seen_last=seen,
        params={"now": 3, "usual": 5, "weeks": 8},
    )


@pytest.fixture(autouse=True)
def _quiet(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    cache.clear()


@pytest.fixture
def cast(director: Staff, lead: Staff, specialist: Staff, reviewer: Staff, outsider: Staff) -> dict[str, Staff | None]:
    """Everybody, and nobody."""
    return dict(zip(CAST, (director, lead, specialist, reviewer, outsider, None), strict=True))


@pytest.fixture
def things(
    units: Units, community: Community, group: Group, xiaomei: Member, aqiang: Member, specialist: Staff
) -> dict[str, int]:
    """One of everything, all of it in 花店一店 and none of it the cast's own: the ids that addresses name."""
    job = Job.objects.create(kind="tests", actor="system:tests", unit=units.shop)
    behind = Job.objects.create(kind="import", actor="system:tests", unit=units.shop, checkpoint={"files": []})
    tag = Tag.objects.create(dimension=TagDimension.objects.create(name="试"), name="花友")
    MemberTag.objects.create(member=xiaomei, tag=tag, source=MemberTag.Source.HAND)
    set_private_field(xiaomei, name="phone", value="13800138000", by=TESTS)
    seen = date(2026, 3, 2)
    put_playbook(OWN_BOOK, unit=units.shop, by=TESTS)
    goal = make_goal(community)
    third = merge_members(xiaomei, absorbed=Member.objects.create(), by=TESTS)
    pair = Likeness.objects.create(first=xiaomei, second=aqiang, score=0.9)
    return {
        "unit": units.shop.pk,
        "goal": goal.pk,
        "alert": Alert.objects.create(goal=goal, level=2, peak=2, value=16, opened=seen, since=seen).pk,
        "person": specialist.pk,
        "grant": specialist.grants.get().pk,
        "invitation": Invitation.objects.create(
            digest=b"", role="editor", unit=units.shop, invited_by=specialist, expires_at=timezone.now()
        ).pk,
        "passkey": 1,
        "session": 1,
        "key": ApiKey.objects.create(name="收银", prefix="tests", digest=b"", unit=units.shop, owner=specialist).pk,
        **_webhook_things(units, specialist),
        **platform_things(units, community),
        **admission_things(group),
        "group": group.pk,
        "member": xiaomei.pk,
        "asked": take_request(xiaomei, kind="freeze", by=TESTS).pk,
        "other": aqiang.pk,
        "merge": third.pk,
        "steward": appoint_steward(community, level=1, person=xiaomei, by=TESTS).pk,
        "recognition": recognise_member(xiaomei, community=community, kind="leader", by=TESTS).pk,
        "membership": Membership.objects.get(identity__external_id="xiaomei").pk,
        "segment": create_segment(units.shop, name="都在", conditions=HERE, by=TESTS).pk,
        "likeness": pair.pk,
        "tag": tag.pk,
        "dimension": tag.dimension_id,
        "job": job.pk,
        "schedule": (schedule := _schedule(community)).pk,
        "made": _made(schedule).pk,
        "run": ImportRun.objects.create(job=behind, community=community, format="irc").pk,
        "work": add_work("换海报", place=community, due=seen, by=TESTS).pk,
        "suggestion": _suggestion(community, seen).pk,
        "entry": (entry := make_entry(community)).pk,
        "submission": make_submission(community).pk,
        **publishing_things(entry),
        "application": draft_playbook(community, playbook=playbook_named("club-150"), start=seen, by=TESTS).pk,
        **word_things(units),
        **material_things(community),
        **journey_things(community, xiaomei),
        **reach_things(community, group),
        **recruitment_things(community, group),
        "parked": ParkedEvent.objects.create(follower="warehouse", event=Event.objects.earliest("pk"), error="").pk,
    }


def answer(name: str, person: Staff | None, things: dict[str, int]) -> str:
    """What the route answers this person, `enter` where it leads to sign-in; whatever it did is undone."""
    method, named, _answers = ROUTES[name]
    address = reverse(name, kwargs={word: things.get(value, value) for word, value in named.items()})
    client = Client(raise_request_exception=False)
    cache.clear()
    PACE.forget()
    if person is not None:
        client.force_login(person)
    with transaction.atomic():
        response = getattr(client, method)(address)
        transaction.set_rollback(True)
    leads_to_sign_in = response.headers.get("Location", "").startswith(reverse("account_login"))
    return "enter" if leads_to_sign_in else str(response.status_code)


def test_every_route_has_a_line() -> None:
    assert sorted({str(route.name) for route in routes()}) == sorted(ROUTES)


def _by_first_word() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in ROUTES:
        found.setdefault(name.split("_")[0], []).append(name)
    return found


@pytest.mark.parametrize("names", [pytest.param(names, id=word) for word, names in _by_first_word().items()])
def test_everybody_is_answered_as_written(
    names: list[str], cast: dict[str, Staff | None], things: dict[str, int]
) -> None:
    # The cast and one of everything take longer to make than a route to answer all of them.
    told = {name: " ".join(answer(name, person, things) for person in cast.values()) for name in names}
    assert told == {name: ROUTES[name][2] for name in names}


def test_nobody_outside_reaches_a_thing_by_its_number() -> None:
    reached = {
        name: answers
        for name, (_method, named, answers) in ROUTES.items()
        if named and name not in OF_NO_UNIT and answers.split()[4] != "404"
    }
    assert reached == {}


def test_nobody_enters_without_signing_in() -> None:
    open_to_all = {name for name, (_method, _named, answers) in ROUTES.items() if answers.split()[5] != "enter"}
    inside = open_to_all - PROBES - FOR_VISITORS
    assert inside == {"account_login", "account_inactive", "join", "set_theme", "set_language"}


PROBES = {"healthz", "readyz", "metrics", "callback"}
"""Routes for machines: they tell no word about anybody, and the figures only this machine or who has the token."""

FOR_VISITORS = {"landing", "landing_picture", "short_link", "send_in", "sent_in", "introduce", "introduced"}
"""Pages for members and visitors: a code nobody guesses opens them, and they change nothing of anybody's."""

OF_NO_UNIT = {"figure", "panel", "follower_replay", "playbook", "playbook_file", "tags_dimension", "tags_tag"}
OF_NO_UNIT |= {
    "callback",
    "platform_new",
    "short_link",
    "send_in",
    "sent_in",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "session_end",
    "role",
    "role_copy",
    "role_rename",
    "role_second_step",
    "role_reset",
    "role_remove",
}
"""Routes whose address names what is everybody's: a figure, part of a page, a follower, a plan, a role, a link."""
