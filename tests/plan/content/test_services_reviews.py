"""Approval takes two people who have not written in it, and holds for exactly what they read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qunying.ground.audit.models import Act
from qunying.kit.errors import NotAllowedError, QunyingError
from qunying.plan.content.checks import look_over
from qunying.plan.content.digests import digest_now
from qunying.plan.content.models import Entry, Review, Version
from qunying.plan.content.queries import approved_version, authors_of, newest_version
from qunying.plan.content.services import (
    Draft,
    drop_entry,
    hand_in,
    propose_entry,
    take_up_entry,
    write_version,
)
from qunying.plan.content.services_reviews import PROOFREADS, pass_review, send_back
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db


def passes(entry: Entry, by: Staff) -> Review:
    version = newest_version(entry)
    assert version is not None
    return pass_review(entry, by=by, digest=version.digest, proofreads=tuple(PROOFREADS))


def test_two_people_approve_what_a_third_has_written(handed_in: Entry, reviewer: Staff, second: Staff) -> None:
    first = passes(handed_in, reviewer)
    assert (first.step, first.proofreads, Entry.objects.get().state) == (
        "first", ["facts", "look", "words"], Entry.State.SECOND,
    )  # fmt: skip
    passes(handed_in, second)
    entry = Entry.objects.get()
    assert (entry.state, approved_version(entry)) == (Entry.State.APPROVED, newest_version(entry))
    assert Act.objects.filter(verb="content.pass").count() == 2


def test_one_person_cannot_give_both_reviews(handed_in: Entry, director: Staff) -> None:
    passes(handed_in, director)
    with pytest.raises(NotAllowedError, match="second has to come from somebody else"):
        passes(handed_in, director)


def test_who_has_written_in_any_version_reviews_none(
    draft_entry: Entry, specialist: Staff, lead: Staff, reviewer: Staff
) -> None:
    write_version(draft_entry, draft=Draft("题目", words="群主改过"), by=lead)
    write_version(draft_entry, draft=Draft("题目", words="专员又改"), by=specialist)
    hand_in(Entry.objects.get(), by=specialist)
    with pytest.raises(NotAllowedError, match="written in it yourself"):
        passes(Entry.objects.get(), lead)
    passes(Entry.objects.get(), reviewer)


def test_a_role_that_does_not_include_the_review_does_not_give_it(
    handed_in: Entry, second: Staff, specialist: Staff, outsider: Staff, reviewer: Staff
) -> None:
    for person in (second, outsider):
        with pytest.raises(NotAllowedError, match="does not include this review"):
            passes(handed_in, person)
    passes(handed_in, reviewer)
    with pytest.raises(NotAllowedError, match="does not include this review"):
        passes(handed_in, reviewer)


def test_keys_and_the_system_review_nothing(handed_in: Entry) -> None:
    version = newest_version(handed_in)
    assert version is not None
    with pytest.raises(NotAllowedError, match="by a person"):
        pass_review(handed_in, by=TESTS, digest=version.digest, proofreads=tuple(PROOFREADS))


def test_all_three_proofreads_are_wanted_for_passing(handed_in: Entry, reviewer: Staff) -> None:
    version = newest_version(handed_in)
    assert version is not None
    with pytest.raises(QunyingError, match="all three proofreads"):
        pass_review(handed_in, by=reviewer, digest=version.digest, proofreads=("words", "facts"))


def test_what_was_changed_since_it_was_opened_is_not_passed(handed_in: Entry, reviewer: Staff) -> None:
    with pytest.raises(QunyingError, match="changed since you opened it"):
        pass_review(handed_in, by=reviewer, digest="0" * 64, proofreads=tuple(PROOFREADS))


def test_what_is_sent_back_says_why_and_begins_anew(
    handed_in: Entry, reviewer: Staff, second: Staff, specialist: Staff
) -> None:
    passes(handed_in, reviewer)
    with pytest.raises(QunyingError, match="Say what has to change"):
        send_back(handed_in, note=" ", by=second)
    send_back(handed_in, note="价格不对", proofreads=("words", "mood"), by=second)
    entry = Entry.objects.get()
    assert (entry.state, Review.objects.latest("pk").proofreads) == (Entry.State.SENT_BACK, ["words"])
    with pytest.raises(QunyingError, match="does not wait for a review"):
        passes(entry, second)
    assert hand_in(entry, by=specialist).state == Entry.State.FIRST


def test_a_picture_of_the_store_changed_behind_our_back_is_not_approved(
    handed_in: Entry, reviewer: Staff, second: Staff
) -> None:
    passes(handed_in, reviewer)
    passes(handed_in, second)
    Version.objects.update(words="别的话")
    assert approved_version(Entry.objects.get()) is None


def test_an_approved_entry_that_is_edited_is_a_draft_again(
    handed_in: Entry, reviewer: Staff, second: Staff, specialist: Staff
) -> None:
    passes(handed_in, reviewer)
    passes(handed_in, second)
    before = newest_version(handed_in)
    write_version(handed_in, draft=Draft("春天的第一束花", words="改"), by=specialist)
    assert (Entry.objects.get().state, approved_version(Entry.objects.get())) == (Entry.State.DRAFT, None)
    assert before is not None
    back = Draft(before.title, words=before.words)
    write_version(Entry.objects.get(), draft=back, by=specialist)
    assert approved_version(Entry.objects.get()) is None


def test_a_finding_that_stops_keeps_it_from_passing(handed_in: Entry, reviewer: Staff) -> None:
    Version.objects.update(ai_made=True)
    version = newest_version(handed_in)
    assert version is not None
    look_over(version)
    Version.objects.update(digest=digest_now(version))
    with pytest.raises(QunyingError, match="put right first: AI label"):
        passes(handed_in, reviewer)


ACTS = ("write", "write_same", "hand_in", "pass", "pass_stale", "back", "drop", "take_up")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(steps=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 4)), max_size=14))
def test_no_sequence_of_verbs_approves_what_two_others_have_not_read(
    steps: list[tuple[str, int]],
    community: Community,
    specialist: Staff,
    lead: Staff,
    director: Staff,
    reviewer: Staff,
    second: Staff,
) -> None:
    people = (specialist, lead, director, reviewer, second)
    entry = propose_entry("题目", community=community, by=specialist)
    for number, (act, who) in enumerate(steps):
        try:
            _do(act, entry, people[who], number)
        except QunyingError:
            continue
        finally:
            entry.refresh_from_db()
            _holds(entry)


def _do(act: str, entry: Entry, by: Staff, number: int) -> None:
    version = newest_version(entry)
    digest = version.digest if version else ""
    every = tuple(PROOFREADS)
    acts = {
        "write": lambda: write_version(entry, draft=Draft("题目", words=f"第{number}稿"), by=by),
        "write_same": lambda: write_version(entry, draft=Draft("题目", words="同一稿"), by=by),
        "hand_in": lambda: hand_in(entry, by=by),
        "pass": lambda: pass_review(entry, by=by, digest=digest, proofreads=every),
        "pass_stale": lambda: pass_review(entry, by=by, digest="", proofreads=every),
        "back": lambda: send_back(entry, note="改", by=by),
        "drop": lambda: drop_entry(entry, by=by),
        "take_up": lambda: take_up_entry(entry, by=by),
    }
    acts[act]()


def _holds(entry: Entry) -> None:
    """What must be true whatever was done: told from the rows, not by the code under test."""
    if entry.state != Entry.State.APPROVED:
        assert approved_version(entry) is None
        return
    version = entry.versions.get(number=entry.version)
    passed = Review.objects.filter(version=version, verdict="passed", digest=digest_now(version))
    first = set(passed.filter(step="first").values_list("by", flat=True))
    others = set(passed.filter(step="second").values_list("by", flat=True))
    assert first
    assert others
    assert not first & others
    assert not (first | others) & authors_of(entry)
    assert approved_version(entry) == version
