"""Playbooks of one's own on the shelves of units: versions, exports, removing and putting back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.utils.translation import override

from qunying.ground.audit.actors import System
from qunying.ground.audit.models import Act
from qunying.kit.errors import NotFoundError, QunyingError
from qunying.plan.goals.models import Goal
from qunying.plan.goals.services import drop_goal
from qunying.plan.playbooks.models import Book, BookVersion
from qunying.plan.playbooks.own import books_for, find_playbook, get_book_for, get_playbook_for, lint_own, newest_of
from qunying.plan.playbooks.services import apply_at_once, draft_playbook
from qunying.plan.playbooks.services_shelf import keep_export, put_playbook, remove_book, restore_book
from qunying.plan.playbooks.shelf import read_playbook
from tests.plan.playbooks.conftest import START, TEXT

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.plan.playbooks.shelf import Playbook
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 1)


def version(number: str) -> str:
    return TEXT.replace("version: 1", f'version: "{number}"')


def test_a_text_is_kept_as_a_version_with_who_and_when(units: Units, lead: Staff) -> None:
    row = put_playbook(TEXT, unit=units.shop, by=lead)
    told = (row.book.name, row.version, row.text, row.put_by, row.community)
    assert told == ("small", "1", TEXT, lead.actor_key, None)
    assert row.content["title"] == {"zh": "小方案", "en": "A small plan"}
    assert Act.objects.get(verb="playbooks.put").details["version"] == "1"


def test_versions_stand_beside_each_other_and_the_highest_is_the_playbook(units: Units, lead: Staff) -> None:
    for number in ("1.9", "1.10", "1.2"):
        row = put_playbook(version(number), unit=units.shop, by=lead)
    newest, old = find_playbook("small"), find_playbook("small", "1.9")
    assert newest is not None
    assert old is not None
    assert (newest.version, old.version, find_playbook("small", "7")) == ("1.10", "1.9", None)
    assert newest_of(row.book).version == "1.10"


def test_the_same_text_again_changes_nothing_and_another_under_its_version_is_refused(
    units: Units, lead: Staff
) -> None:
    first = put_playbook(TEXT, unit=units.shop, by=lead)
    assert put_playbook(TEXT, unit=units.shop, by=lead) == first
    with override("en"), pytest.raises(QunyingError, match="Version 1 is on the shelf with another text"):
        put_playbook(TEXT.replace("500", "600"), unit=units.shop, by=lead)
    assert BookVersion.objects.count() == 1


def test_a_faulty_text_a_name_of_the_house_and_that_of_another_unit_are_refused(units: Units, lead: Staff) -> None:
    for text, words in (
        (TEXT.replace("budget:", "budgets:"), "a fault in line 29 column 1"),
        (TEXT.replace("name: small", "name: club-150"), "“club-150” comes with Qunying"),
        (TEXT.replace("name: small", "name: choose"), "“choose” cannot be the name"),
    ):
        with override("en"), pytest.raises(QunyingError, match=words):
            put_playbook(text, unit=units.shop, by=lead)
    put_playbook(TEXT, unit=units.south, by=lead)
    with override("en"), pytest.raises(QunyingError, match="Another unit has a playbook “small”"):
        put_playbook(version("2"), unit=units.shop, by=lead)
    assert Book.objects.count() == 1


def test_a_shelf_is_for_the_unit_and_all_below_and_nobody_beside(
    units: Units, lead: Staff, director: Staff, outsider: Staff
) -> None:
    put_playbook(TEXT, unit=units.east, by=director)
    assert [[book.name for book in books_for(one)] for one in (director, lead, outsider)] == [["small"], ["small"], []]
    with pytest.raises(NotFoundError):
        get_playbook_for(outsider, "small")


def test_a_playbook_of_ones_own_may_stand_on_one_of_ones_own(units: Units, lead: Staff) -> None:
    put_playbook(TEXT, unit=units.shop, by=lead)
    text = """\
name: smaller
extends: small
version: 1
title: 更小的方案
for: 小店
description: 少一样
budget:
  - {key: routine, drop: true}
"""
    row = put_playbook(text, unit=units.shop, by=lead)
    assert ("budget" in row.content, len(row.content["goals"])) == (False, 2)
    with override("en"), pytest.raises(QunyingError, match="Other playbooks stand on it: smaller"):
        remove_book(get_book_for(lead, "small"), by=lead)


SMALLER = """\
name: smaller
extends: small
version: 1
title: 更小的方案
for: 小店
description: 少一样
"""


def test_nobody_builds_on_a_playbook_they_may_not_read(units: Units, director: Staff, outsider: Staff) -> None:
    put_playbook(TEXT, unit=units.east, by=director)
    with override("en"):
        faults = [fault.message for fault in lint_own(SMALLER, by=outsider).faults]
        nowhere = [fault.message for fault in lint_own(SMALLER.replace("small\n", "none\n"), by=outsider).faults]
        with pytest.raises(QunyingError, match="There is no playbook “small” to stand on"):
            put_playbook(SMALLER, unit=units.south, by=outsider)
    assert faults == [nowhere[0].replace("none", "small")]
    assert [lint_own(SMALLER, by=one).faults for one in (director, System("cli"))] == [[], []]


def test_what_stands_in_a_community_is_kept_as_the_next_version_where_it_changed(
    community: Community, book: Playbook, lead: Staff
) -> None:
    apply_at_once(community, playbook=book, start=START, by=lead)
    first = keep_export(community, today=TODAY, by=lead)
    assert (first.book.name, first.book.unit, first.version) == ("flowers", community.unit, "1")
    assert first.community == community
    assert keep_export(community, today=TODAY, by=lead) == first
    drop_goal(Goal.objects.get(key="active"), reason="太难", by=lead)
    second = keep_export(community, today=TODAY, by=lead)
    assert (second.version, [goal["key"] for goal in second.content["goals"]]) == ("2", ["members"])
    assert read_playbook(second.text).version == "2"


def test_a_book_nobody_used_is_removed_and_put_back(units: Units, lead: Staff) -> None:
    book = put_playbook(TEXT, unit=units.shop, by=lead).book
    remove_book(book, by=lead)
    assert (list(books_for(lead)), find_playbook("small")) == ([], None)
    restore_book(get_book_for(lead, "small", removed=True), by=lead)
    assert [one.name for one in books_for(lead)] == ["small"]
    verbs = Act.objects.filter(subject_type="book").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["playbooks.put", "playbooks.remove", "playbooks.restore"]


def test_putting_a_version_brings_a_removed_book_back(units: Units, lead: Staff) -> None:
    remove_book(put_playbook(TEXT, unit=units.shop, by=lead).book, by=lead)
    put_playbook(version("2"), unit=units.shop, by=lead)
    assert [one.version for one in Book.objects.get().versions.all()] == ["2", "1"]
    assert find_playbook("small", "1") is not None


def test_a_book_that_was_used_stays(units: Units, community: Community, book: Playbook, lead: Staff) -> None:
    row = put_playbook(TEXT, unit=units.shop, by=lead)
    draft_playbook(community, playbook=book, start=START, by=lead)
    with override("en"), pytest.raises(QunyingError, match="drafted or applied in a community once"):
        remove_book(row.book, by=lead)
    assert find_playbook("small") is not None
