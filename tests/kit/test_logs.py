"""Logs hold nothing private, are read by their owner alone, and are kept half a year at least."""

from __future__ import annotations

import json
import logging
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from qunying.kit.logs import DailyFile, SafeFormatter, kept_days, log_folder, request_id, scrubbed, tidy_logs

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

PHONE, NAME, WORDS = "13800138000", "王小美", "今天下午三点取花"
SEEDS = (PHONE, NAME, WORDS, "alice@example.com")


@pytest.fixture(autouse=True)
def _home(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.HOME = tmp_path


def line(name: str, message: str, *args: object, **fields: object) -> dict[str, object]:
    record = logging.LogRecord(name, logging.ERROR, "x.py", 1, message, args, None)
    record.fields = fields
    told: dict[str, object] = json.loads(SafeFormatter().format(record))
    return told


def test_values_of_libraries_are_left_out_whatever_they_are() -> None:
    assert line("django.request", "Not Found: %s", f"/members/{NAME}")["message"] == "Not Found: …"


@pytest.mark.parametrize("seed", SEEDS)
def test_sentences_of_libraries_lose_what_could_be_private(seed: str) -> None:
    told = line("django-q", f"Failed 'x' - Key (phone)=({seed}) already exists\nDETAIL: {seed}")
    assert seed not in json.dumps(told, ensure_ascii=False)


def test_own_lines_keep_their_numbers() -> None:
    assert line("qunying.ground.jobs.services", "job %s stopped", 17)["message"] == "job 17 stopped"


def test_an_exception_is_told_by_type_and_place_alone() -> None:
    try:
        try:
            {}[PHONE]
        except KeyError as error:
            raise ValueError(f"{NAME}: {WORDS}") from error
    except ValueError:
        import sys  # noqa: PLC0415 - only here

        record = logging.LogRecord("qunying.x", logging.ERROR, "x.py", 1, "it failed", (), sys.exc_info())
    text = SafeFormatter().format(record)
    story = json.loads(text)["story"]
    assert (story[1], story[-1]) == ("ValueError", "KeyError")
    assert "test_logs.py" in story[0]
    assert not any(seed in text for seed in SEEDS)


def test_the_number_of_the_request_stands_in_every_line() -> None:
    token = request_id.set("abc")
    try:
        assert line("qunying.x", "done")["request"] == "abc"
    finally:
        request_id.reset(token)


def test_a_line_goes_to_the_file_of_the_day_for_its_owner_alone() -> None:
    handler = DailyFile()
    handler.setFormatter(SafeFormatter())
    handler.emit(logging.LogRecord("qunying.x", logging.INFO, "x.py", 1, "done", (), None))
    handler.close()
    [path] = log_folder().iterdir()
    assert json.loads(path.read_text(encoding="utf-8"))["message"] == "done"
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("asked", "kept"), [(1, 180), (180, 180), (400, 400)])
def test_nobody_can_set_less_than_half_a_year(asked: int, kept: int, settings: SettingsWrapper) -> None:
    settings.LOG_DAYS = asked
    assert kept_days() == kept


def test_old_days_are_packed_and_only_those_past_keeping_removed(settings: SettingsWrapper) -> None:
    settings.LOG_DAYS = 1
    today = date(2026, 11, 22)
    log_folder().mkdir()
    for days in (0, 1, 2, 180, 181):
        (log_folder() / f"{today - timedelta(days=days)}.jsonl").write_text("x", encoding="utf-8")
    assert tidy_logs(today) == 1
    assert sorted(path.name for path in log_folder().iterdir()) == [
        "2026-05-26.jsonl.gz",
        "2026-11-20.jsonl.gz",
        "2026-11-21.jsonl",
        "2026-11-22.jsonl",
    ]


def test_short_numbers_and_words_stay() -> None:
    assert scrubbed("worker 3 of 12 stopped after 60 s") == "worker 3 of 12 stopped after 60 s"
