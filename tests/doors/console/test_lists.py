"""What every list does alike: sort by its headings, and go out as CSV and XLSX."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from qunying.doors.console import lists
from qunying.ground.audit.models import Act
from qunying.ground.events.models import Event, ParkedEvent
from qunying.ground.groups.services import create_group
from qunying.ground.imports.models import ImportRun
from qunying.ground.jobs.models import Job
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def table(client: Client, name: str, *args: object, **query: str) -> list[list[str]]:
    """The rows of the CSV, with its heading."""
    answer = client.get(reverse(name, args=args), query)
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def column(client: Client, name: str, label: str, *args: object, **query: str) -> list[str]:
    heading, *rows = table(client, name, *args, **query)
    return [row[heading.index(label)] for row in rows]


@pytest.fixture
def jobs(units: Units) -> list[Job]:
    """Three jobs of the shop, done 5, 1 and 3."""
    return [
        Job.objects.create(kind="tests", actor="system:tests", unit=units.shop, done=done, error=error)
        for done, error in ((5, "=1+1"), (1, ""), (3, ""))
    ]


def test_a_heading_turns_the_list_round(director: Staff, jobs: list[Job], client_for: Callable[..., Client]) -> None:
    client, address = client_for(director, "en"), reverse("jobs")

    def shown(order: str) -> list[int]:
        return [row["job"].done for row in client.get(address, {"order": order}).context["rows"]]

    assert [shown("done"), shown("-done"), shown("nonsense")] == [[1, 3, 5], [5, 3, 1], [3, 1, 5]]
    page = client.get(address, {"order": "done", "state": "waiting"}).content.decode()
    assert 'aria-sort="ascending"><a href="?order=-done&amp;state=waiting">' in page.replace(
        "?state=waiting&amp;order=-done", "?order=-done&amp;state=waiting"
    )


def test_the_file_follows_filter_and_order_and_disarms_formulas(
    director: Staff, jobs: list[Job], client_for: Callable[..., Client]
) -> None:
    at = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
    Job.objects.filter(pk=jobs[0].pk).update(created_at=at)
    client = client_for(director, "en")
    assert column(client, "jobs_export", "Progress", order="-done") == ["5", "3", "1"]
    [number] = column(client, "jobs_export", "Number", q=f"#{jobs[1].pk}")
    assert number == str(jobs[1].pk)
    heading, first, *_rest = table(client, "jobs_export", order="begun")
    told = dict(zip(heading, first, strict=True))
    assert (told["Begun"], told["Error"]) == ("2026-03-02T04:00:00+08:00", "'=1+1")


def test_xlsx_says_the_same_in_the_readers_language(
    director: Staff, jobs: list[Job], client_for: Callable[..., Client]
) -> None:
    answer = client_for(director, "zh-hans").get(reverse("jobs_export"), {"format": "xlsx", "order": "done"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    heading, *rows = book.get_sheet_by_index(0).to_python()
    assert unquote(answer["Content-Disposition"]).startswith("attachment; filename*=utf-8''任务-")
    assert [row[heading.index("进度")] for row in rows] == [1, 3, 5]
    assert [row[heading.index("错误")] for row in rows] == ["", "", "'=1+1"]


def test_taking_a_list_out_is_written_down(director: Staff, jobs: list[Job], client_for: Callable[..., Client]) -> None:
    client_for(director).get(reverse("jobs_export"))
    act = Act.objects.get(verb="lists.export")
    assert (act.actor, act.subject_type, act.details) == (director.actor_key, "jobs", {"rows": 3, "format": "csv"})


def test_too_much_for_xlsx_is_refused_with_a_way_out(
    director: Staff, jobs: list[Job], client_for: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_XLSX", 2)
    answer = client_for(director, "en").get(reverse("jobs_export"), {"format": "xlsx"})
    assert (answer.status_code, "take it as CSV" in answer.content.decode()) == (400, True)


def test_an_outsider_takes_nothing_of_others(
    director: Staff, outsider: Staff, jobs: list[Job], xiaomei: Member, client_for: Callable[..., Client]
) -> None:
    ParkedEvent.objects.create(follower="warehouse", event=Event.objects.get(), error="")
    client = client_for(outsider, "en")
    listed = ("communities_export", "jobs_export", "parked_export")
    assert [table(client, name)[1:] for name in listed] == [[], [], []]
    assert "花店一店" not in str(table(client, "units_export"))
    assert "director" not in str(table(client, "staff_export"))
    told = [client.get(reverse(name, args=["flowers"])).status_code for name in ("groups_export", "imports_export")]
    assert told == [404, 404]


def test_communities_and_units_sort_by_what_they_hold(
    director: Staff,
    community: Community,
    other_community: Community,
    xiaomei: Member,
    client_for: Callable[..., Client],
) -> None:
    client = client_for(director, "en")
    assert column(client, "communities_export", "Short name", order="present") == ["fruit", "flowers"]
    assert column(client, "communities_export", "Short name", order="-present") == ["flowers", "fruit"]
    names = column(client, "units_export", "Name", order="name")
    assert names == sorted(names)
    assert column(client, "units_export", "Name", order="-name") == names[::-1]


def test_groups_sort_by_room(director: Staff, community: Community, client_for: Callable[..., Client]) -> None:
    for name, capacity in (("大群", 200), ("小群", 2)):
        create_group(community, platform="wechat", name=name, capacity=capacity, by=TESTS)
    client = client_for(director, "en")
    assert column(client, "groups_export", "Name", "flowers", order="room") == ["小群", "大群"]
    assert column(client, "groups_export", "Name", "flowers", order="-room") == ["大群", "小群"]


def test_imports_sort_by_what_they_stored(
    director: Staff, community: Community, jobs: list[Job], client_for: Callable[..., Client]
) -> None:
    for job, stored in zip(jobs, (9, 100, 20), strict=True):
        Job.objects.filter(pk=job.pk).update(result={"stored": stored})
        ImportRun.objects.create(job=job, community=community, format="irc")
    client = client_for(director, "en")
    assert column(client, "imports_export", "Stored", "flowers", order="stored") == ["9", "20", "100"]
    assert column(client, "imports_export", "Stored", "flowers", order="-stored") == ["100", "20", "9"]


def test_many_jobs_are_asked_to_stop_at_once(
    director: Staff, outsider: Staff, jobs: list[Job], client_for: Callable[..., Client]
) -> None:
    Job.objects.filter(pk=jobs[2].pk).update(state=Job.State.DONE)
    chosen = {"ids": [str(job.pk) for job in jobs], "filters": "?order=done"}
    client_for(outsider).post(reverse("jobs_cancel"), chosen)
    assert Job.objects.filter(cancel_asked=True).count() == 0
    answer = client_for(director, "en").post(reverse("jobs_cancel"), chosen, follow=True)
    assert answer.redirect_chain == [("/jobs/?order=done", 302)]
    assert "2 jobs were asked to stop. 1 had ended already." in answer.content.decode()
    assert Job.objects.filter(state=Job.State.CANCELLED).count() == 2
