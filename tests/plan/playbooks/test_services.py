from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from django.utils.translation import override

from qunying.ground.audit.models import Act
from qunying.kit.errors import QunyingError
from qunying.plan.goals.models import Goal
from qunying.plan.playbooks.drafts import draft_parts, waiting_parts
from qunying.plan.playbooks.exports import export_playbook
from qunying.plan.playbooks.models import Application
from qunying.plan.playbooks.sections import live_sections
from qunying.plan.playbooks.services import (
    apply_at_once,
    apply_playbook,
    discard_draft,
    draft_playbook,
    revise_draft,
    undo_playbook,
    what_stays,
)
from qunying.plan.playbooks.shelf import ORDER, lint_playbook, playbook_named, read_playbook
from qunying.plan.schedule.models import WorkItem
from tests.plan.playbooks.conftest import START, TEXT

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.plan.playbooks.shelf import Playbook
    from tests.support.cast import MakeCommunity

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(community: Community, book: Playbook, lead: Staff) -> Application:
    """The small playbook, laid before the flower shop's community."""
    return draft_playbook(community, playbook=book, start=START, by=lead)


def goals(community: Community) -> list[tuple[str, date]]:
    return list(Goal.objects.filter(community=community).order_by("key").values_list("key", "due"))


def test_a_draft_keeps_the_exact_text_and_makes_nothing(draft: Application, community: Community, lead: Staff) -> None:
    assert (draft.text, draft.digest, draft.state) == (TEXT, sha256(TEXT.encode()).hexdigest(), "draft")
    assert goals(community) == []
    act = Act.objects.get(verb="playbooks.draft")
    assert (act.actor, act.subject_id, act.details["digest"]) == (lead.actor_key, str(draft.pk), draft.digest)


def test_the_review_shows_every_line_with_its_day_and_what_waits(draft: Application) -> None:
    with override("en"):
        lines = [(d.name, d.line.title, d.line.day, d.wanted) for part in draft_parts(draft) for d in part.lines]
    assert lines == [
        ("goals/members", "500 members in a year", date(2027, 3, 1), True),
        ("goals/active", "60 % active in 30 days", date(2026, 3, 31), True),
    ]
    assert [part.name for part in waiting_parts(draft.content)] == ["budget"]


def test_applying_makes_what_was_agreed_and_remembers_it(draft: Application, community: Community, lead: Staff) -> None:
    applied = apply_playbook(draft, by=lead)
    assert goals(community) == [("active", date(2026, 3, 31)), ("members", date(2027, 3, 1))]
    assert sorted(row["key"] for row in applied.made) == ["active", "members"]
    assert (applied.state, applied.applied_by, applied.applied_at is not None) == ("applied", lead.actor_key, True)
    assert Act.objects.get(verb="playbooks.apply").details["made"] == 2


def test_revising_moves_days_leaves_lines_out_and_changes_texts(
    draft: Application, community: Community, lead: Staff
) -> None:
    values = {"goals/active": {"target": "70%", "due": "2 周"}}
    revised = revise_draft(
        draft, start=date(2026, 4, 1), left_out={"goals/members", "goals/else"}, values=values, by=lead
    )
    assert (revised.left_out, revised.start) == (["goals/members"], date(2026, 4, 1))
    apply_playbook(revised, by=lead)
    goal = Goal.objects.get(community=community)
    assert (goal.key, goal.due, float(goal.target_value or 0), goal.parent) == ("active", date(2026, 4, 14), 0.7, None)


def test_a_text_that_does_not_fit_is_refused_by_the_name_of_its_line(draft: Application, lead: Staff) -> None:
    with override("en"), pytest.raises(QunyingError, match="“60 % active in 30 days”: "):
        revise_draft(draft, start=START, left_out=set(), values={"goals/active": {"target": "plenty"}}, by=lead)
    draft.refresh_from_db()
    assert draft.content["goals"][1]["target"] == "60%"


def test_nothing_is_applied_where_every_line_is_left_out(draft: Application, lead: Staff) -> None:
    revised = revise_draft(draft, start=START, left_out={"goals/members", "goals/active"}, values={}, by=lead)
    with override("en"), pytest.raises(QunyingError, match="Every line is left out"):
        apply_playbook(revised, by=lead)


def test_the_same_playbook_stands_once_in_a_community(community: Community, book: Playbook, lead: Staff) -> None:
    apply_at_once(community, playbook=book, start=START, by=lead)
    with override("en"), pytest.raises(QunyingError, match="stands in the community already"):
        apply_at_once(community, playbook=book, start=START, by=lead)
    assert Application.objects.count() == 1


def test_where_one_line_cannot_be_made_none_is(community: Community, book: Playbook, lead: Staff) -> None:
    apply_at_once(community, playbook=book, start=START, by=lead)
    other = read_playbook(
        TEXT.replace("name: small", "name: other")
        .replace("key: members", "key: people")
        .replace("parent: members", "parent: people")
    )
    with pytest.raises(QunyingError):
        apply_at_once(community, playbook=other, start=START, by=lead)
    assert [key for key, _due in goals(community)] == ["active", "members"]


def test_a_draft_is_applied_only_once(draft: Application, lead: Staff) -> None:
    apply_playbook(draft, by=lead)
    with override("en"), pytest.raises(QunyingError, match="Somebody has gone on"):
        apply_playbook(draft, by=lead)


def test_a_draft_can_be_thrown_away_and_an_applied_playbook_cannot(
    draft: Application, lead: Staff, book: Playbook, community: Community
) -> None:
    discard_draft(draft, by=lead)
    assert Application.objects.count() == 0
    applied = apply_at_once(community, playbook=book, start=START, by=lead)
    with pytest.raises(QunyingError):
        discard_draft(applied, by=lead)


def test_undoing_takes_everything_back_that_nobody_touched(community: Community, book: Playbook, lead: Staff) -> None:
    applied = apply_at_once(community, playbook=book, start=START, by=lead)
    undone = undo_playbook(applied, by=lead)
    assert (goals(community), undone.state, undone.kept) == ([], "undone", [])
    details = Act.objects.get(verb="playbooks.undo").details
    assert (details["removed"], details["kept"]) == (2, 0)
    assert apply_at_once(community, playbook=book, start=START, by=lead).state == "applied"


def test_undoing_leaves_what_people_have_changed_and_names_it(
    community: Community, book: Playbook, lead: Staff
) -> None:
    applied = apply_at_once(community, playbook=book, start=START, by=lead)
    Goal.objects.filter(key="members").update(note="我们改过")
    with override("en"):
        stays = what_stays(applied)
        undone = undo_playbook(applied, by=lead)
    assert [(row["key"], row["reason"]) for row in stays] == [("members", "It was changed since.")]
    assert (undone.kept, [key for key, _due in goals(community)]) == (stays, ["members"])


def test_what_is_exported_can_be_applied_elsewhere_and_is_the_same(
    community: Community, book: Playbook, lead: Staff, make_community: MakeCommunity
) -> None:
    apply_at_once(community, playbook=book, start=START, by=lead)
    text = export_playbook(community, today=date(2026, 5, 1))
    assert lint_playbook(text).faults == []
    elsewhere, _groups = make_community()
    apply_at_once(elsewhere, playbook=read_playbook(text), start=START, by=lead)
    assert goals(elsewhere) == goals(community)
    again = read_playbook(export_playbook(elsewhere, today=date(2026, 5, 1))).content
    first = read_playbook(text).content
    assert again["goals"] == first["goals"]
    assert (again["phases"], again["budget"]) == (book.content["phases"], book.content["budget"])
    assert (again["name"], first["name"]) == ("made-1", "flowers")


def test_a_community_without_a_playbook_exports_what_it_has(community: Community) -> None:
    text = export_playbook(community, today=START)
    content = lint_playbook(text).content
    assert (lint_playbook(text).faults, content["name"], "goals" in content) == ([], "flowers", False)


@pytest.mark.parametrize("name", ORDER)
def test_every_playbook_of_the_shelf_can_be_applied_exported_and_undone(
    name: str, community: Community, lead: Staff
) -> None:
    applied = apply_at_once(community, playbook=playbook_named(name), start=START, by=lead)
    content = playbook_named(name).content
    assert len(applied.made) == sum(len(content.get(section.name, [])) for section in live_sections())
    assert lint_playbook(export_playbook(community, today=START)).faults == []
    assert (undo_playbook(applied, by=lead).kept, goals(community), WorkItem.objects.count()) == ([], [], 0)
