"""`qunying demo`: one command from nothing to a community one can look at; again, and nothing is doubled."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from qunying.doors.cli import demo
from qunying.ground.access.models import Staff
from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from tests.support.tables import lay_tables

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.cast import Units

CREW = ["demo-xiaohe", "demo-shen", "demo-lu"]
SMALL = ("--no-serve", "--days", "60", "--members", "60", "--no-chain", "--json")


def run_demo(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"QUNYING_HOME": str(home), "QUNYING_DATABASE": "", "LC_ALL": "en_US.UTF-8"}
    command = [sys.executable, "-m", "qunying.doors.cli", "demo", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)


def counts(home: Path) -> list[tuple[int, ...]]:
    tables = ("events_event", "members_member", "groups_membership", "groups_community", "units_unit", "access_staff")
    with closing(sqlite3.connect(home / "qunying.sqlite3")) as database:
        return [database.execute(f"SELECT count(*) FROM {table}").fetchone() for table in tables]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A small example, and what the command said of it."""
    home = tmp_path_factory.mktemp("demo") / "home"
    done = run_demo(home, *SMALL)
    assert done.returncode == 0, done.stderr
    return home, json.loads(done.stdout)


def test_it_makes_home_units_community_and_director_and_says_how_to_sign_in(made: tuple[Path, dict[str, str]]) -> None:
    home, said = made
    assert (said["community"], said["username"], said["address"]) == ("huadian", "demo", "http://127.0.0.1:8000")
    assert len(said["password"]) >= 10
    assert (home.stat().st_mode & 0o077, (home / "keys.json").exists()) == (0, True)
    with closing(sqlite3.connect(home / "qunying.sqlite3")) as database:
        assert [name for (name,) in database.execute("SELECT name FROM units_unit ORDER BY path")] == [
            "总部",
            "华东区",
            "花店",
        ]
        assert database.execute("SELECT slug, simulated FROM groups_community").fetchall() == [("huadian", 1)]
        staff = database.execute("SELECT username FROM access_staff ORDER BY id").fetchall()
        assert [name for (name,) in staff] == ["demo", *CREW]
        planned, sent_in = 11, 1
        assert database.execute("SELECT count(*) FROM content_entry").fetchone() == (planned + sent_in,)
        names = database.execute("SELECT name, kind FROM groups_group ORDER BY id").fetchall()
    assert names == [("核心花友群", "core"), ("花友一群", "general"), ("花友二群", "general"), ("花友三群", "general")]


def test_again_it_doubles_nothing_and_gives_a_new_password(made: tuple[Path, dict[str, str]]) -> None:
    home, said = made
    before = counts(home)
    again = run_demo(home, "--no-serve", "--json")
    assert again.returncode == 0, again.stderr
    assert counts(home) == before
    assert json.loads(again.stdout)["password"] != said["password"]
    assert json.loads(again.stdout)["from"] == said["from"]


def test_the_chain_can_be_added_later_with_colleagues_who_sign_in_with_the_same_password(tmp_path: Path) -> None:
    home = tmp_path / "home"
    lay_tables(home)
    assert run_demo(home, *SMALL).returncode == 0
    done = run_demo(home, "--no-serve", "--chain", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    chain = ["demo-huadong", "demo-huanan", "demo-binjiang", "demo-mumian", "demo-julebu"]
    assert said["colleagues"] == [*CREW, *chain]
    with closing(sqlite3.connect(home / "qunying.sqlite3")) as database:
        made = database.execute("SELECT slug, simulated FROM groups_community ORDER BY id").fetchall()
    slugs = ["huadian", "binjiang", "hupan", "rongyin", "mumian", "qilou", "julebu"]
    assert made == [(slug, 1) for slug in slugs]
    before = counts(home)
    assert run_demo(home, "--no-serve", "--json").returncode == 0
    assert counts(home) == before


def test_it_refuses_to_make_another_example_over_the_first(made: tuple[Path, dict[str, str]]) -> None:
    done = run_demo(made[0], "--no-serve", "--members", "70")
    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        (
            "The example is here already, with 60 members, 60 days and seed 20. "
            "For another one, set QUNYING_HOME to another directory.\n"
        ),
    )


def test_a_taken_port_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run_demo(tmp_path / "home", "--no-browser", "--port", str(port))
    assert (done.returncode, done.stderr) == (
        1,
        f"Port {port} on 127.0.0.1 is taken. Stop what listens there, or choose another with --port.\n",
    )
    assert not (tmp_path / "home").exists()


def test_beside_real_units_its_director_directs_the_branch_of_the_example_alone(units: Units) -> None:
    demo.hand_out_password()
    staff = Staff.objects.get(username="demo")
    assert [unit.name for unit in units_for(staff, Permission.EDIT_STAFF)] == ["花店"]


def test_a_second_password_replaces_the_first(units: Units) -> None:
    first, second = demo.hand_out_password(), demo.hand_out_password()
    staff = Staff.objects.get(username="demo")
    assert (staff.check_password(first), staff.check_password(second)) == (False, True)
