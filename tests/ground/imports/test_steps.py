"""Imports in steps: stopped anywhere and gone on with, nothing is lost and nothing doubled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qunying.ground.events.models import Event
from qunying.ground.imports import steps
from qunying.ground.imports.services import start_import
from qunying.ground.jobs.models import Job
from qunying.ground.jobs.services import cancel_job, run_to_end, take_step
from qunying.ground.jobs.turns import claim
from qunying.ground.members.models import Member
from qunying.kit.errors import QunyingError
from tests.support.imports import TESTS, bring, codes, counts, import_files, log_of

if TYPE_CHECKING:
    from qunying.ground.files.models import StoredFile
    from qunying.ground.groups.models import Community
    from qunying.ground.imports.models import ImportRun
    from tests.support.cast import MakeCommunity

pytestmark = pytest.mark.django_db

HEAD = "order_id,member,time,amount\n"


def orders(count: int, *, start: int = 0) -> str:
    """Orders of seven people; every tenth has an amount that cannot be."""
    rows = (f"o{n},m{n % 7},2024-05-{n % 28 + 1:02},{'x' if n % 10 == 9 else n}\n" for n in range(start, start + count))
    return HEAD + "".join(rows)


def begin(community: Community, *files: StoredFile, dry_run: bool = False) -> ImportRun:
    return start_import(list(files), format="orders", community=community, by=TESTS, dry_run=dry_run, queue=False)


def do_chunks(run: ImportRun, count: int) -> None:
    """Let a process do so many chunks and die: what it held in memory is gone."""
    turn = claim(run.job_id)
    assert turn is not None
    work = steps.Work(turn.job)
    for _chunk in range(count):
        if not work.reading.at_end:
            work.do_chunk(turn)
    Job.objects.filter(pk=run.job_id).update(claimed_until=None)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deaths=st.lists(st.integers(0, 3), max_size=4), dry_run=st.booleans())
def test_stopped_anywhere_and_gone_on_with_it_is_as_if_never_stopped(
    make_community: MakeCommunity, monkeypatch: pytest.MonkeyPatch, deaths: list[int], dry_run: bool
) -> None:
    monkeypatch.setattr(steps, "CHUNK", 8)
    files = [bring("a.csv", orders(50)), bring("b.csv", orders(40, start=30))]
    whole = run_to_end(begin(make_community()[0], *files, dry_run=dry_run).job)
    run = begin(make_community()[0], *files, dry_run=dry_run)
    for chunks in deaths:
        do_chunks(run, chunks)
    run.job.refresh_from_db()
    broken = run_to_end(run.job)
    for result in (whole.result, broken.result):
        result.pop("report")
        result.pop("members_new")
    assert broken.result == whole.result
    assert counts(broken.result) == (90, 63, 18, 9)


def test_a_step_that_is_over_goes_on_in_the_next(community: Community, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "CHUNK", 10)
    monkeypatch.setattr("qunying.ground.jobs.turns.STEP_SECONDS", 0.0)
    run = begin(community, bring("a.csv", orders(35)))
    turns = 0
    while take_step(run.job_id) or not turns:
        turns += 1
        if turns > 20:
            break
    run.job.refresh_from_db()
    assert (run.job.state, counts(run.job.result)) == ("done", (35, 32, 0, 3))


def test_a_cancelled_import_keeps_what_it_stored(community: Community, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "CHUNK", 10)
    run = begin(community, bring("a.csv", orders(100)))

    def cancel_at_30(job: Job) -> None:
        if job.done == 30 and job.state == Job.State.RUNNING:
            cancel_job(Job.objects.get(pk=job.pk), by=TESTS)

    job = run_to_end(run.job, on_progress=cancel_at_30)
    assert (job.state, job.done, Event.objects.count(), job.result["stored"]) == ("cancelled", 30, 27, 27)


def test_a_dry_run_counts_what_the_import_then_does(community: Community) -> None:
    known, fresh = bring("a.csv", orders(30)), bring("b.csv", orders(50, start=20))
    import_files(known, "orders", community)
    before = (Event.objects.count(), Member.objects.count())
    tried = import_files([known, fresh, fresh], "orders", community, dry_run=True, group="新群")
    assert (Event.objects.count(), Member.objects.count()) == before
    tried = import_files([known, fresh, fresh], "orders", community, dry_run=True)
    done = import_files([known, fresh, fresh], "orders", community)
    assert tried.keys() == done.keys()
    same = ("rows", "stored", "duplicates", "rejected", "skipped", "members_new", "kinds", "from", "to")
    assert {key: tried[key] for key in same} == {key: done[key] for key in same}


def test_the_report_tells_both_languages_and_no_formula_survives(community: Community) -> None:
    text = HEAD + 'a,m,2024-05-01,"=HYPERLINK(""http://x"")"\nb,m,+1,5\nc,m,2024-05-01,5\n'
    result = import_files(bring("bad.csv", text), "orders", community)
    assert codes(result) == [
        ("2", "amount", '\'=HYPERLINK("http://x")', "bad_amount"),
        ("3", "time", "'+1", "bad_time"),
    ]
    from pathlib import Path  # noqa: PLC0415 - only here

    first = Path(result["report"]).read_text(encoding="utf-8-sig").splitlines()[2]
    assert first == (
        "bad.csv,3,time,'+1,这不是时间。请写成2024-05-01T10:30:00+08:00这样。,"
        "This is not a time. Write one such as 2024-05-01T10:30:00+08:00.,bad_time"
    )


def test_a_file_of_which_nothing_can_be_read_is_a_failure(community: Community) -> None:
    run = begin(community, bring("bad.csv", HEAD + "a,m,never,1\nb,m,never,1\n"))
    with pytest.raises(QunyingError, match=r"Not one of the 2 rows of “bad\.csv” could be read\. The first, row 2"):
        run_to_end(run.job)
    assert Job.objects.get().result["rejected"] == 2
    with pytest.raises(QunyingError, match="holds no rows"):
        import_files(bring("empty.csv", HEAD), "orders", community)


said = st.text(
    st.characters(codec="gb18030", exclude_characters="\r\n\x00\x1c\x1d\x1e\x85\u2028\u2029\x0b\x0c"), max_size=30
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(said, min_size=1, max_size=8), encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_text_comes_through_in_any_encoding(make_community: MakeCommunity, texts: list[str], encoding: str) -> None:
    community, _groups = make_community()
    log = "\n".join(f"[10:{n:02}] <阿强> {text}" for n, text in enumerate(texts))
    import_files(bring("2024-05-01.txt", log.encode(encoding)), "irc", community)
    assert [row[3] for row in log_of(community)] == texts


def test_gb18030_is_recognised_and_a_broken_byte_rejects_one_line(community: Community) -> None:
    lines = [f"[10:{n:02}] <小美> 今天的玫瑰很新鲜，第{n}支" for n in range(30)]
    data = "\n".join(lines).encode("gb18030").split(b"\n")
    data[7] += b"\xff"
    result = import_files(bring("2024-05-01.txt", b"\n".join(data)), "irc", community)
    assert counts(result) == (30, 29, 0, 1)
    assert [(row[0], row[3]) for row in codes(result)] == [("8", "broken_text")]
    assert log_of(community)[0][3] == "今天的玫瑰很新鲜，第0支"
