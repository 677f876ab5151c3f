"""A newer version of a playbook that stands, and parts that come alive after it was applied."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.utils.translation import override

from qunying.ground.audit.models import Act
from qunying.kit.errors import QunyingError
from qunying.plan.goals.models import Goal
from qunying.plan.goals.services import revise_goal
from qunying.plan.playbooks import sections
from qunying.plan.playbooks.differences import Kind
from qunying.plan.playbooks.offers import differences_offered, offer_for, steps_of, update_parts
from qunying.plan.playbooks.services import (
    apply_at_once,
    apply_playbook,
    draft_playbook,
    revise_draft,
    undo_playbook,
    what_stays,
)
from qunying.plan.playbooks.services_shelf import put_playbook
from qunying.plan.playbooks.services_versions import apply_draft, decline_offer, draft_update
from qunying.plan.playbooks.shelf import read_playbook
from qunying.plan.schedule.models import WorkItem
from qunying.plan.schedule.services import finish_work
from tests.plan.playbooks.conftest import START, TEXT

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.plan.playbooks.models import Application

pytestmark = pytest.mark.django_db
WORK = """\
work:
  - {key: poster, title: {zh: 贴海报, en: Put up the poster}, due: 3 天}
  - {key: rules, title: {zh: 写群规, en: Write the rules}, due: 1 周}
"""
ONE = TEXT + WORK
TWO = (
    ONE.replace("version: 1", "version: 2")
    .replace("target: 500", "target: 600")
    .replace("due: 30 天", "due: 45 天")
    .replace(
        "key: rules, title: {zh: 写群规, en: Write the rules}", "key: salon, title: {zh: 办沙龙, en: Hold a salon}"
    )
    .replace("due: 3 天", "due: 5 天")
)
"""Two goals and a piece of work change, a piece of work goes and another comes."""


@pytest.fixture
def standing(community: Community, lead: Staff) -> Application:
    """The small playbook with work at version 1, applied; version 2 lies on the shelf of the unit."""
    put_playbook(ONE, unit=community.unit, by=lead)
    applied = apply_at_once(community, playbook=read_playbook(ONE), start=START, by=lead)
    put_playbook(TWO, unit=community.unit, by=lead)
    return applied


def works(community: Community) -> dict[str, date]:
    return dict(WorkItem.objects.filter(community=community).values_list("key", "due"))


def told(application: Application) -> list[tuple[str, str, str]]:
    offer = offer_for(application)
    assert offer is not None
    return [(one.part, one.key, one.kind.value) for one in differences_offered(application, offer)]


def test_a_newer_version_is_offered_with_what_came_went_and_changed(standing: Application) -> None:
    assert told(standing) == [
        ("goals", "members", "changed"),
        ("goals", "active", "changed"),
        ("work", "poster", "changed"),
        ("work", "salon", "new"),
        ("work", "rules", "gone"),
    ]


def test_nothing_is_offered_where_nothing_is_newer(community: Community, lead: Staff) -> None:
    put_playbook(ONE, unit=community.unit, by=lead)
    applied = apply_at_once(community, playbook=read_playbook(ONE), start=START, by=lead)
    put_playbook(ONE.replace("version: 1", 'version: "0.9"'), unit=community.unit, by=lead)
    assert offer_for(applied) is None
    with override("en"), pytest.raises(QunyingError, match="nothing newer"):
        draft_update(applied, by=lead)


def test_applying_the_difference_changes_makes_and_removes_what_nobody_touched(
    standing: Application, community: Community, lead: Staff
) -> None:
    before = {goal.key: goal.pk for goal in Goal.objects.all()}
    draft = draft_update(standing, by=lead)
    assert works(community) == {"poster": date(2026, 3, 4), "rules": date(2026, 3, 8)}
    applied = apply_draft(draft, by=lead)
    assert works(community) == {"poster": date(2026, 3, 6), "salon": date(2026, 3, 8)}
    assert {goal.key: goal.pk for goal in Goal.objects.all()} == before
    members, active = Goal.objects.get(key="members"), Goal.objects.get(key="active")
    assert (float(members.target_value or 0), active.due, active.parent) == (600, date(2026, 4, 15), members)
    standing.refresh_from_db()
    assert (standing.state, applied.state, applied.version, offer_for(applied)) == ("replaced", "applied", "2", None)
    assert Act.objects.get(verb="playbooks.update").details["done"] == 5


def test_what_people_changed_is_never_overwritten(standing: Application, community: Community, lead: Staff) -> None:
    revise_goal(Goal.objects.get(key="members"), by=lead, reason="照旧")
    finish_work(WorkItem.objects.get(key="rules"), by=lead)
    draft = draft_update(standing, by=lead)
    assert {step.name: step.stays for step in steps_of(draft, standing) if step.stays} == {
        "goals/members": "It was revised since.",
        "work/rules": "It is done.",
    }
    applied = apply_draft(draft, by=lead)
    assert (float(Goal.objects.get(key="members").target_value or 0), "rules" in works(community)) == (500, True)
    stands = {item["key"]: item for part in ("goals", "work") for item in applied.content[part]}
    assert (stands["members"]["target"], stands["rules"]["due"]) == (500, "1 周")


def test_what_was_edited_in_the_first_review_stays_edited(community: Community, lead: Staff) -> None:
    put_playbook(ONE, unit=community.unit, by=lead)
    draft = draft_playbook(community, playbook=read_playbook(ONE), start=START, by=lead)
    revised = revise_draft(draft, start=START, left_out=set(), values={"goals/members": {"target": "450"}}, by=lead)
    standing = apply_playbook(revised, by=lead)
    put_playbook(TWO, unit=community.unit, by=lead)
    assert ("goals", "members", "changed") not in told(standing)
    apply_draft(draft_update(standing, by=lead), by=lead)
    assert float(Goal.objects.get(key="members").target_value or 0) == 450


def test_lines_that_are_not_wanted_stay_as_they_are(standing: Application, community: Community, lead: Staff) -> None:
    draft = draft_update(standing, by=lead)
    out = {"goals/members", "work/salon", "work/rules"}
    applied = apply_draft(revise_draft(draft, start=START, left_out=out, values={}, by=lead), by=lead)
    assert (float(Goal.objects.get(key="members").target_value or 0), works(community)) == (
        500,
        {"poster": date(2026, 3, 6), "rules": date(2026, 3, 8)},
    )
    assert applied.left_out == ["work/salon"]
    assert sorted(row["key"] for row in applied.made) == ["active", "members", "poster", "rules"]


def test_a_new_text_can_be_changed_in_the_review_of_the_difference(
    standing: Application, community: Community, lead: Staff
) -> None:
    draft = draft_update(standing, by=lead)
    parts = {part.name: part.lines for part in update_parts(draft, standing)}
    assert [(one.name, one.difference and one.difference.kind, bool(one.values)) for one in parts["work"]] == [
        ("work/poster", Kind.CHANGED, False),
        ("work/salon", Kind.NEW, True),
        ("work/rules", Kind.GONE, False),
    ]
    apply_draft(
        revise_draft(draft, start=START, left_out=set(), values={"work/salon": {"due": "2 周"}}, by=lead), by=lead
    )
    assert works(community)["salon"] == date(2026, 3, 15)


def test_undoing_takes_back_what_both_versions_made(standing: Application, community: Community, lead: Staff) -> None:
    applied = apply_draft(draft_update(standing, by=lead), by=lead)
    assert what_stays(applied) == []
    undo_playbook(applied, by=lead)
    assert (works(community), Goal.objects.count()) == ({}, 0)


def test_the_same_draft_is_given_again_and_a_declined_version_not(standing: Application, lead: Staff) -> None:
    draft = draft_update(standing, by=lead)
    assert draft_update(standing, by=lead) == draft
    assert offer_for(decline_offer(standing, by=lead)) is None
    put_playbook(TWO.replace("version: 2", "version: 3"), unit=standing.community.unit, by=lead)
    standing.refresh_from_db()
    offer = offer_for(standing)
    assert (offer and offer.playbook.version, Act.objects.filter(verb="playbooks.decline").count()) == ("3", 1)


def test_a_draft_that_follows_is_not_applied_as_a_first_one(standing: Application, lead: Staff) -> None:
    with override("en"), pytest.raises(QunyingError, match="follows a playbook that stands"):
        apply_playbook(draft_update(standing, by=lead), by=lead)


@pytest.fixture
def asleep(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The section of work, taken out of the house until the returned function brings it back."""
    section = sections._sections["work"]
    monkeypatch.delitem(sections._sections, "work")
    return lambda: monkeypatch.setitem(sections._sections, "work", section)


def test_a_part_that_comes_alive_is_offered_once(asleep: Callable[[], None], community: Community, lead: Staff) -> None:
    playbook = read_playbook(ONE)
    standing = apply_at_once(community, playbook=playbook, start=START, by=lead)
    assert ("work" in standing.live, playbook.waiting, works(community)) == (False, ["work", "budget"], {})
    assert offer_for(standing) is None
    asleep()
    offer = offer_for(standing)
    assert offer is not None
    assert (offer.newer, offer.woken) == (False, ["work"])
    assert told(standing) == [("work", "poster", "new"), ("work", "rules", "new")]
    draft = draft_update(standing, by=lead)
    applied = apply_draft(revise_draft(draft, start=START, left_out={"work/rules"}, values={}, by=lead), by=lead)
    assert (list(works(community)), sorted(row["key"] for row in applied.made)) == (
        ["poster"],
        ["active", "members", "poster"],
    )
    assert offer_for(applied) is None


def test_a_part_that_came_alive_and_was_declined_is_not_offered_again(
    asleep: Callable[[], None], community: Community, lead: Staff
) -> None:
    standing = apply_at_once(community, playbook=read_playbook(ONE), start=START, by=lead)
    asleep()
    decline_offer(standing, by=lead)
    standing.refresh_from_db()
    assert offer_for(standing) is None


def test_a_part_kept_in_a_shape_that_does_not_fit_is_refused_in_words(
    asleep: Callable[[], None], community: Community, lead: Staff
) -> None:
    playbook = read_playbook(TEXT + "work:\n  - {key: poster, title: 贴海报}\n")
    standing = apply_at_once(community, playbook=playbook, start=START, by=lead)
    asleep()
    with override("en"), pytest.raises(QunyingError, match=r"does not fit any more\. work/0"):
        draft_update(standing, by=lead)
    with override("en"), pytest.raises(QunyingError, match="does not fit any more"):
        draft_playbook(community, playbook=playbook, start=START, by=lead)
