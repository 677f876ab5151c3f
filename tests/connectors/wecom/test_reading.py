"""Every contact read: whole, resumed where it broke off, and writing nothing the second time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qunying.connectors.wecom import reading
from qunying.connectors.wecom.models import Contact
from qunying.connectors.wecom.reading import KIND, begin_night, begin_reading
from qunying.ground.events.models import Event
from qunying.ground.jobs.models import Job
from qunying.ground.jobs.services import run_to_end, take_step
from qunying.ground.members.models import Identity, MemberTag
from qunying.ground.platforms.services import change_account
from qunying.ground.platforms.services_health import look_at
from qunying.kit.errors import QunyingError
from tests.connectors.wecom.conftest import GIVEN
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.platforms.models import Account
    from tests.support.wecom import Corp

pytestmark = pytest.mark.django_db
PAGES = "externalcontact/batch/get_by_user"


@pytest.fixture
def full(account: Account, corp: Corp) -> Corp:
    """Three colleagues with 130 contacts, of whom five have two colleagues; some carry tags."""
    corp.tags = {"t1": ("意向", "高"), "t2": ("意向", "低")}
    for number in range(125):
        corp.befriend(f"staff{number % 3}", f"wm{number:03d}", name=f"客户{number}", tags=["t1"] if number < 10 else [])
    for number in range(5):
        corp.befriend(f"staff{(number + 1) % 3}", f"wm{number:03d}", tags=["t2"])
        corp.people[f"wm{number:03d}"]["unionid"] = f"union{number}"
    return corp


def read(account: Account) -> dict[str, int]:
    done: dict[str, int] = run_to_end(begin_reading(account, by=TESTS)).result
    return done


def written() -> tuple[int, ...]:
    models = (Contact, Event, Identity, MemberTag)
    return tuple(model._default_manager.count() for model in models)


def test_everything_is_read_and_the_second_time_nothing_is_written(account: Account, full: Corp) -> None:
    assert read(account) == {"contacts": 130, "came": 130, "ended": 0, "tags": 15}
    assert (Contact.objects.count(), Identity.objects.filter(union_id__startswith="union").count()) == (130, 5)
    before, calls = written(), len(full.asked)
    job = begin_reading(account, by=TESTS)
    with CaptureQueriesContext(connection) as asked:
        result = run_to_end(job).result
    assert result == {"contacts": 130, "came": 0, "ended": 0, "tags": 0}
    changes = [one["sql"] for one in asked if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert [sql for sql in changes if "jobs_job" not in sql] == []
    # Tags and colleagues once, a page each; whoever has two colleagues is never asked for alone.
    assert (written(), len(full.asked) - calls) == (before, 2 + 3)


def test_what_happened_unheard_is_told_as_a_difference(account: Account, full: Corp) -> None:
    read(account)
    full.part_with("staff0", "wm003")
    full.befriend("staff1", "wm999", state="poster")
    full.follows["staff2"]["wm005"] |= {"remark": "爱玫瑰", "tag_id": ["t2"]}
    full.follows["staff0"]["wm000"]["tag_id"] = []
    assert read(account) == {"contacts": 130, "came": 1, "ended": 1, "tags": 4}
    assert Contact.objects.get(identity__external_id="wm005").remark == "爱玫瑰"
    assert Contact.objects.get(identity__external_id="wm999").channel == "poster"
    tags = MemberTag.objects.filter(member__identities__external_id="wm000").values_list("tag__name", flat=True)
    assert list(tags) == ["低"]


def test_a_tag_goes_only_when_no_colleague_of_a_person_gives_it(account: Account, full: Corp) -> None:
    full.befriend("staff2", "wm000", tags=["t2"])
    read(account)
    assert tags_of("wm000") == ["低", "高"]
    full.follows["staff0"]["wm000"]["tag_id"] = []
    assert (read(account)["tags"], tags_of("wm000")) == (1, ["低"])
    full.follows["staff1"]["wm000"]["tag_id"] = []
    assert (read(account)["tags"], tags_of("wm000")) == (0, ["低"])
    full.follows["staff2"]["wm000"]["tag_id"] = ["t1"]
    assert (read(account)["tags"], tags_of("wm000")) == (2, ["高"])


def tags_of(person: str) -> list[str]:
    rows = MemberTag.objects.filter(member__identities__external_id=person)
    return sorted(rows.values_list("tag__name", flat=True))


def test_after_a_kill_it_goes_on_where_it_was(account: Account, full: Corp, monkeypatch: pytest.MonkeyPatch) -> None:
    job = begin_reading(account, by=TESTS)
    whole, seen = reading._read_colleague, []

    def dies(turn: object, client: object, userid: str, *rest: object) -> dict[str, int]:
        seen.append(userid)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return whole(turn, client, userid, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "_read_colleague", dies)
    with pytest.raises(KeyboardInterrupt):
        run_to_end(job)
    Job.objects.filter(pk=job.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
    done = run_to_end(Job.objects.get(pk=job.pk))
    assert (done.result["contacts"], seen) == (130, ["staff0", "staff1", "staff1", "staff2"])
    assert Contact.objects.count() == 130


def test_a_busy_wecom_is_waited_for(account: Account, full: Corp) -> None:
    full.breaks[PAGES] = [45009]
    job = begin_reading(account, by=TESTS)
    take_step(job.pk)
    job.refresh_from_db()
    assert job.state in {Job.State.WAITING, Job.State.RUNNING}
    Job.objects.filter(pk=job.pk).update(claimed_until=None)
    assert run_to_end(Job.objects.get(pk=job.pk)).result["contacts"] == 130


def test_without_a_community_nobody_is_read(account: Account, corp: Corp) -> None:
    bare = change_account(account, name="花店", given=GIVEN | {"community": ""}, by=TESTS)
    with pytest.raises(QunyingError, match="to which community"):
        begin_reading(bare, by=TESTS)
    assert begin_night() == 0


def test_every_account_is_read_once_a_day_and_a_new_one_at_once(
    account: Account, corp: Corp, settings: SettingsWrapper
) -> None:
    settings.BACKUP_HOUR = 24
    assert begin_night() == 0
    account.checks = [{"holds": True, "name": {}, "words": {}}]
    account.checked_at = timezone.now()
    account.save()
    assert (begin_night(), begin_night()) == (1, 0)
    run_to_end(Job.objects.get(kind=KIND))
    settings.BACKUP_HOUR = 0
    assert begin_night() == 0
    Job.objects.update(created_at=timezone.now() - timedelta(days=1))
    assert begin_night() == 1
    look_at(account)
