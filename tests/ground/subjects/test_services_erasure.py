"""An erasure leaves nothing of the person anywhere, and every past figure as it was."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from qunying.ground.events.facts import Fact
from qunying.ground.events.models import Event, Message
from qunying.ground.events.services import record
from qunying.ground.figures.results import Scope
from qunying.ground.figures.services import measure
from qunying.ground.figures.verify.comparing import verify_communities
from qunying.ground.groups.models import Membership
from qunying.ground.jobs.models import Job
from qunying.ground.jobs.services import run_to_end
from qunying.ground.members.models import Identity, Member, PrivateField
from qunying.ground.members.services import Who
from qunying.ground.members.services_people import write_note
from qunying.ground.members.services_private import set_private_field
from qunying.ground.members.services_tags import tag_members
from qunying.ground.platforms.models import Account
from qunying.ground.privacy.models import Consent, Tombstone
from qunying.ground.privacy.services import give_consent
from qunying.ground.subjects.needles import Needle, Sort, gather_needles
from qunying.ground.subjects.remembered import remembered
from qunying.ground.subjects.services import take_request
from qunying.ground.subjects.services_erasure import erase_member, preview_erasure, repeat_erasures
from qunying.ground.subjects.traces import search_traces
from qunying.ground.syncs.models import Difference, Sync
from qunying.ground.warehouse.lake import open_lake
from qunying.ground.warehouse.services import catch_up
from qunying.kit.errors import QunyingError
from qunying.kit.periods import Period
from tests.support.cast import JOINED, TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group

pytestmark = pytest.mark.django_db(transaction=True)

ACCOUNT, NAME, PHONE, REAL = "wxid_lotus88", "莲花小屋", "13812345678", "欧阳莲"
MENTION = f"@{NAME} 你的电话是+86{PHONE}吗"
WORDS = "我家在文三路的那盆墨兰昨天终于开花了，香得很"


@pytest.fixture
def lotus(community: Community, group: Group, xiaomei: Member, aqiang: Member) -> Member:
    """Somebody of whom everything is known, and of whom others speak."""
    who, other = Who("wechat", ACCOUNT, NAME), Who("wechat", "xiaomei")
    facts = [
        Fact("joined", JOINED, ("j", 1), who=who, group_id=group.pk, channel_key=f"invite-{ACCOUNT}"),
        Fact("renamed", JOINED + timedelta(days=1), ("r", 1), who=who, group_id=group.pk, payload={"name": NAME}),
        *(
            Fact("spoke", JOINED + timedelta(days=day), ("m", day), who=who, group_id=group.pk, text=WORDS)
            for day in range(1, 6)
        ),
        Fact(
            "spoke",
            JOINED + timedelta(days=2),
            ("o", 1),
            who=other,
            group_id=group.pk,
            text=MENTION,
        ),
        Fact(
            "ordered",
            JOINED + timedelta(days=3),
            ("b", 1),
            who=who,
            object_type="order",
            object_id=f"{ACCOUNT}-7",
            amount=9900,
            payload={"product": "墨兰"},
        ),
        Fact(
            "reacted",
            JOINED + timedelta(days=3),
            ("a", 1),
            who=other,
            target=who,
            group_id=group.pk,
            object_type="message",
            object_id="m-1",
            payload={"sign": "👍"},
        ),
    ]
    record(facts, community=community, source="tests")
    person = Member.objects.get(identities__external_id=ACCOUNT)
    for field, value in (("phone", PHONE), ("real_name", REAL)):
        set_private_field(person, name=field, value=value, by=TESTS)
    write_note(person, text=f"{NAME}很热心", by=TESTS)
    write_note(xiaomei, text=f"她和{NAME}住得近", by=TESTS)
    tag_members([person.pk], dimension="城市", name="杭州", by=TESTS)
    give_consent(person, purpose="marketing", by=TESTS)
    compare(group, person)
    return person


def compare(group: Group, person: Member) -> None:
    """The group's own list told that the person was there."""
    account = Account.objects.create(name="花店号", platform="wechat", unit=group.community.unit)
    run = Sync.objects.create(account=account, group=group, began_at=JOINED, ended_at=JOINED, state="done")
    Difference.objects.create(sync=run, identity=person.identities.get(), sort="joined")


def erase(member: Member) -> dict[str, Any]:
    job = run_to_end(erase_member(member, by=TESTS, queue=False))
    result: dict[str, Any] = job.result
    return result


def everything() -> list[Needle]:
    return [
        Needle(ACCOUNT, Sort.ACCOUNT),
        Needle(PHONE, Sort.PRIVATE),
        Needle(REAL, Sort.PRIVATE),
        Needle(NAME, Sort.NAME),
        Needle(WORDS, Sort.WORDS),
    ]


def figures(community: Community) -> list[Any]:
    period, scope = Period(date(2026, 1, 5), date(2026, 1, 31)), Scope(communities=frozenset({community.pk}))
    names = ("members_present", "messages", "active_members", "revenue", "orders", "buyers", "joins")
    return [(figure.value, figure.rows) for name in names if (figure := measure(name, scope=scope, period=period))]


def test_the_needles_are_what_can_only_mean_this_person(lotus: Member) -> None:
    assert {(needle.text, needle.sort) for needle in gather_needles(lotus)} == {
        (needle.text, needle.sort) for needle in everything()
    }


def test_nothing_is_found_of_somebody_who_was_erased(lotus: Member, community: Community) -> None:
    catch_up()
    Path(settings.HOME, "faults.log").write_text(f"one line\n{ACCOUNT} failed\n", encoding="utf-8")
    report = Path(settings.UPLOADS, "reports", "77.jsonl")
    report.parent.mkdir(parents=True)
    report.write_text(json.dumps({"value": NAME}), encoding="utf-8")
    cache.set("seen", {"who": ACCOUNT})
    session = Client().session
    session["undo"] = NAME
    session.save()
    assert len(search_traces(everything())) >= 10

    result = erase(lotus)

    assert (result["clean"], result["traces"]) == (True, [])
    assert search_traces(everything()) == []
    assert Path(settings.HOME, "faults.log").read_text(encoding="utf-8") == "one line\n"
    assert not report.exists()
    assert not Difference.objects.exists()
    assert sorted(Message.objects.values_list("text", flat=True)) == ["@▇▇ 你的电话是+86▇▇吗"]
    assert cache.get("seen") is None


def test_past_figures_are_what_they_were_and_agree_with_their_check(lotus: Member, community: Community) -> None:
    catch_up()
    before = figures(community)
    erase(lotus)
    assert figures(community) == before
    catch_up()
    assert figures(community) == before
    assert verify_communities([community]).differences == []


def test_the_result_names_what_the_law_makes_us_keep(lotus: Member) -> None:
    result = erase(lotus)
    assert result["kept"] == ["consents", "looks", "stays", "orders"]
    assert Consent.objects.filter(member=lotus).count() == 1
    assert Event.objects.filter(kind="ordered").values_list("amount", "payload").get() == (9900, {"product": "墨兰"})
    assert (PrivateField.objects.count(), Membership.objects.filter(left_at=None, identity__member=lotus).count()) == (
        0,
        0,
    )


def test_the_account_does_not_come_back(lotus: Member, community: Community, group: Group) -> None:
    erase(lotus)
    people = Member.objects.count()
    later = datetime(2026, 4, 1, tzinfo=UTC)
    done = record(
        [
            Fact("spoke", later, ("new", 1), who=Who("wechat", ACCOUNT, NAME), group_id=group.pk, text=WORDS),
            Fact(
                "reacted",
                later,
                ("new", 2),
                who=Who("wechat", "xiaomei"),
                target=Who("wechat", ACCOUNT),
                group_id=group.pk,
            ),
        ],
        community=community,
        source="tests",
    )
    assert (done.erased, done.stored, done.duplicates, Member.objects.count()) == (1, 1, 0, people)
    assert Event.objects.get(pk=done.ids[0]).target_identity is None
    assert search_traces(everything()) == []


def test_the_same_facts_again_are_dropped_and_change_no_figure(
    lotus: Member, community: Community, group: Group
) -> None:
    erase(lotus)
    again = Fact(
        "spoke", JOINED + timedelta(days=1), ("m", 1), who=Who("wechat", ACCOUNT), group_id=group.pk, text=WORDS
    )
    assert record([again], community=community, source="tests").erased == 1
    assert Event.objects.filter(kind="spoke", identity__member=lotus).count() == 5


def test_a_database_from_before_the_erasure_forgets_again(lotus: Member, community: Community, tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("copies a file of SQLite; the restore of backups has its own test")
    connection.ensure_connection()
    with closing(sqlite3.connect(tmp_path / "older.sqlite3")) as older:
        connection.connection.backup(older)
        erase(lotus)
        # Page by page into the open file: taking it away from under a connection would break the next one.
        older.backup(connection.connection)
    (tmp_path / "older.sqlite3").unlink()
    assert Identity.objects.filter(external_id=ACCOUNT).exists()

    assert repeat_erasures(by=TESTS) == 1

    assert not Identity.objects.filter(external_id=ACCOUNT).exists()
    assert search_traces(everything()) == []
    assert repeat_erasures(by=TESTS) == 0


def test_the_list_beside_the_database_holds_digests_only(lotus: Member) -> None:
    erase(lotus)
    (erasure,) = remembered()
    assert [bytes(row) for row in Tombstone.objects.values_list("digest", flat=True)] == list(erasure.digests)
    assert ACCOUNT not in Path(settings.ERASURES).read_text(encoding="utf-8")


def test_an_erasure_broken_off_after_any_step_goes_on(lotus: Member) -> None:
    job = erase_member(lotus, by=TESTS, queue=False)
    from qunying.ground.jobs.turns import claim  # noqa: PLC0415 - beside its use
    from qunying.ground.subjects.erasing import erasure_step  # noqa: PLC0415 - beside its use

    for _number in range(10):
        turn = claim(job.pk, seconds=0)
        assert turn is not None
        finished = erasure_step(turn)
        Job.objects.filter(pk=job.pk).update(claimed_until=None)
        if finished:
            break
    assert finished
    assert "needles" not in Job.objects.get(pk=job.pk).checkpoint
    assert search_traces(everything()) == []


def test_the_preview_changes_nothing_and_says_what_would_go(lotus: Member) -> None:
    seen = preview_erasure(lotus)
    assert (seen.accounts, seen.messages, seen.facts) == (1, 5, 8)
    assert len(seen.kept) == 4
    assert Identity.objects.filter(external_id=ACCOUNT).exists()


def test_nobody_is_erased_twice_at_once_and_nothing_is_asked_of_who_is_gone(lotus: Member, director: Staff) -> None:
    job = erase_member(lotus, by=director, queue=False)
    with pytest.raises(QunyingError, match="being erased already"):
        erase_member(lotus, by=director, queue=False)
    run_to_end(job)
    with pytest.raises(QunyingError, match="was erased"):
        take_request(lotus, kind="export", by=director)


def test_people_whose_account_begins_alike_are_left_alone(lotus: Member, community: Community, group: Group) -> None:
    who, text = Who("wechat", ACCOUNT + "9", "阿莲"), f"{ACCOUNT}9 是我"
    other = Fact("spoke", JOINED, ("k", 1), who=who, group_id=group.pk, text=text)
    record([other], community=community, source="tests")
    erase(lotus)
    assert Identity.objects.filter(external_id=ACCOUNT + "9").exists()
    assert Message.objects.filter(text=text).exists()


def test_no_file_of_the_lake_tells_of_the_person_in_any_version(lotus: Member) -> None:
    catch_up()
    result = erase(lotus)
    catch_up()
    assert result["erased"]["lake"] == 1
    assert open_lake() is not None
    assert search_traces(everything()) == []
