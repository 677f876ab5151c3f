"""What members send in: taken whole or not at all, answered once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from qunying.ground.subjects.holdings import all_holdings
from qunying.kit.errors import QunyingError
from qunying.plan.content.models import Entry, Submission, SubmissionPicture
from qunying.plan.content.queries import newest_version
from qunying.plan.content.services_submissions import (
    Sent,
    accept_submission,
    close_call,
    contact_of,
    decline_submission,
    look_at_contact,
    open_call,
    renewed,
    take_submission,
)
from qunying.plan.content.services_themes import set_theme
from qunying.plan.content.todos import content_todos
from tests.support.cast import TESTS
from tests.support.content import make_call, make_submission
from tests.support.materials import picture_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.UPLOADS = tmp_path


def _sent(**given: object) -> Sent:
    told: dict[str, object] = {"name": "小美", "right": "own", "agreed": True, "words": "开花了"}
    return Sent(**(told | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "given",
    [
        {"name": " "},
        {"name": "字" * 41},
        {"contact": "1" * 101},
        {"words": " "},
        {"words": "字" * 5001},
        {"right": ""},
        {"agreed": False},
        {"pictures": (("x.jpg", b"no picture"),)},
        {"pictures": (("x.jpg", picture_bytes()),) * 7},
    ],
)
def test_what_is_missing_or_too_much_keeps_all_of_it_out(given: dict[str, object], community: Community) -> None:
    with pytest.raises(QunyingError):
        take_submission(_sent(**given), community=community, call=make_call(community), by=TESTS)
    assert (Submission.objects.count(), SubmissionPicture.objects.count()) == (0, 0)


def test_the_contact_is_kept_encrypted_and_sealed_anew(community: Community) -> None:
    one = make_submission(community, contact="13800138000")
    assert b"13800138000" not in bytes(one.sealed)
    one.sealed = renewed(one)["sealed"]
    assert (contact_of(one), look_at_contact(one, by=TESTS)) == ("13800138000", "13800138000")
    assert contact_of(make_submission(community)) == ""


def test_a_closed_page_takes_nothing_more(community: Community, specialist: Staff) -> None:
    call = close_call(make_call(community), by=specialist)
    with pytest.raises(QunyingError):
        make_submission(community, call=call)
    with pytest.raises(QunyingError, match="晒晒"):
        close_call(call, by=specialist)


def test_a_page_has_a_title_and_a_theme_of_its_own_community(community: Community, other_community: Community) -> None:
    with pytest.raises(QunyingError):
        open_call(" ", community=community, by=TESTS)
    theme = set_theme("花", community=other_community, by=TESTS)
    with pytest.raises(QunyingError):
        open_call("晒花", community=community, theme=theme, by=TESTS)


def test_taken_it_is_a_draft_with_its_pictures_their_licence_and_thanks(
    community: Community, specialist: Staff
) -> None:
    theme = set_theme("花", community=community, by=TESTS)
    call = open_call("晒花", community=community, theme=theme, by=specialist)
    one = make_submission(community, call=call, pictures=(("x.jpg", picture_bytes()),))
    entry = accept_submission(one, title="阳台上的月季", by=specialist)
    one.refresh_from_db()
    version = newest_version(entry)
    assert version is not None
    assert (entry.source, entry.theme, entry.state, entry.form) == (Entry.Source.MEMBER, theme, "draft", "image")
    assert (version.words, version.author) == ("阳台上的月季开了。", specialist)
    assert "小美" in version.pictures.get().licence
    assert (one.state, one.entry, one.decided_by, "小美" in one.answer) == ("accepted", entry, specialist, True)
    with pytest.raises(QunyingError):
        decline_submission(one, reason="晚了", by=specialist)


def test_declining_says_why_and_happens_once(community: Community, specialist: Staff) -> None:
    one = make_submission(community)
    with pytest.raises(QunyingError):
        decline_submission(one, reason=" ", by=specialist)
    told = decline_submission(one, reason="这次主题是玫瑰，下次一定。", by=specialist)
    assert (told.state, told.answer) == ("declined", "这次主题是玫瑰，下次一定。")
    with pytest.raises(QunyingError):
        accept_submission(one, title="x", by=specialist)


def test_what_waits_stands_on_today(community: Community, specialist: Staff, outsider: Staff) -> None:
    make_submission(community)
    make_submission(community)
    today = date(2026, 3, 6)
    assert [one.page for one in content_todos(specialist, today)] == ["submissions"]
    assert list(content_todos(outsider, today)) == []


def test_an_erasure_takes_words_name_contact_and_pictures(community: Community, xiaomei: Member) -> None:
    sent = _sent(contact="微信xm", pictures=(("x.jpg", picture_bytes()),))
    take_submission(sent, community=community, member=xiaomei, by=TESTS)
    [holding] = [one for one in all_holdings() if one.name == "submissions"]
    [told] = list(holding.tell(xiaomei))
    assert (told["name"], told["contact"], told["text"]) == ("小美", "微信xm", "开花了")
    assert holding.erase is not None
    assert holding.erase(xiaomei) == 1
    one = Submission.objects.get()
    assert (one.name, one.words, bytes(one.sealed), one.member, one.pictures.count()) == ("", "", b"", None, 0)
