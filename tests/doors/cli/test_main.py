"""The command line: exit code 0 only on success, one clear sentence on stderr, one JSON object on stdout."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.support.command import qunying
from tests.support.tables import lay_tables

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("home") / "qunying"
    lay_tables(path)
    done = qunying(path, "init", "--no-input", "--json")
    assert done.returncode == 0, done.stderr
    return path


def test_init_makes_home_keys_database_and_a_first_director(tmp_path: Path) -> None:
    done = qunying(tmp_path / "new", "init", "--no-input", "--json")
    made = json.loads(done.stdout)
    assert (done.returncode, made["home"], made["director"]) == (0, str(tmp_path / "new"), "director")
    assert len(made["password"]) >= 10
    assert (tmp_path / "new" / "keys.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("spoken", "more", "names"),
    [
        ("", [], ("总部", "总监", "zh-hans")),
        ("en", [], ("Headquarters", "Director", "en")),
        ("", ["--organisation", "花间集团"], ("花间集团", "总监", "zh-hans")),
    ],
)
def test_init_names_things_in_the_language_of_the_installation_not_of_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoken: str, more: list[str], names: tuple[str, str, str]
) -> None:
    if spoken:
        monkeypatch.setenv("QUNYING_LANGUAGE", spoken)
    lay_tables(tmp_path / "new")
    assert qunying(tmp_path / "new", "init", "--no-input", *more).returncode == 0
    store = sqlite3.connect(tmp_path / "new" / "qunying.sqlite3")
    with closing(store):
        found = store.execute("SELECT u.name, s.name, s.language FROM units_unit u, access_staff s").fetchall()
    assert found == [names]


def test_init_again_changes_nothing(home: Path) -> None:
    keys = (home / "keys.json").read_bytes()
    done = qunying(home, "init", "--no-input", "--json")
    assert (done.returncode, json.loads(done.stdout)["password"]) == (0, None)
    assert (home / "keys.json").read_bytes() == keys


def test_init_refuses_to_make_new_keys_beside_an_old_database(tmp_path: Path) -> None:
    (tmp_path / "qunying.sqlite3").touch()
    done = qunying(tmp_path, "init", "--no-input")
    assert done.returncode == 1
    assert "no keys" in done.stderr


def test_a_command_without_a_home_says_what_to_do(tmp_path: Path) -> None:
    done = qunying(tmp_path / "nowhere", "events", "parked")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip().count("\n") == 0
    assert "qunying init" in done.stderr


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["init", "--nonsense"], ["events", "replay"], ["worker", "--only", "nonsense"]]
)
def test_a_wrong_call_is_refused_in_one_sentence(home: Path, arguments: list[str]) -> None:
    done = qunying(home, *arguments)
    assert done.returncode in {1, 2}
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1


def test_an_unknown_follower_is_refused_with_those_there_are(home: Path) -> None:
    done = qunying(home, "events", "replay", "nobody", "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "warehouse" in done.stderr


def test_json_is_one_object_and_nothing_else(home: Path) -> None:
    done = qunying(home, "events", "parked", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"parked": []})


def test_doctor_names_the_remedy_of_each_fault(tmp_path: Path) -> None:
    done = qunying(tmp_path / "nowhere", "doctor", "--json")
    seen = json.loads(done.stdout)
    assert (done.returncode, seen["ok"]) == (1, False)
    assert all(finding["remedy"] for finding in seen["findings"] if not finding["ok"])


def test_doctor_is_content_with_a_fresh_home(home: Path) -> None:
    done = qunying(home, "doctor", "--json")
    assert (done.returncode, json.loads(done.stdout)["ok"]) == (0, True)


@pytest.mark.parametrize("arguments", [["community", "list"], ["serve"], ["web"], ["worker", "--only", "followers"]])
def test_a_database_older_than_the_program_is_named_and_not_run_on(tmp_path: Path, arguments: list[str]) -> None:
    lay_tables(tmp_path)
    assert qunying(tmp_path, "init", "--no-input").returncode == 0
    with closing(sqlite3.connect(tmp_path / "qunying.sqlite3")) as store:
        store.execute("ALTER TABLE groups_community RENAME TO groups_later")
        store.execute("DELETE FROM django_migrations WHERE app = 'files' AND name LIKE '0002%'")
        store.commit()
    done = qunying(tmp_path, *arguments)
    assert (done.returncode, done.stdout, len(done.stderr.strip().splitlines())) == (1, "", 1)
    assert "The database is older than this Qunying" in done.stderr


def test_a_command_that_counts_nothing_loads_nothing_to_count_with() -> None:
    told = (
        "import sys; from qunying.doors.cli.main import make_app; make_app(); "
        "print(sorted({'ibis', 'duckdb', 'deltalake', 'pyarrow', 'xlsxwriter', 'PIL', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout == "[]\n"
