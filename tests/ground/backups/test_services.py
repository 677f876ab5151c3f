"""A backup brings everything back, on either database and from one to the other; a doubtful one brings nothing."""

from __future__ import annotations

import json
import sqlite3
import threading
from typing import TYPE_CHECKING

import pytest

from qunying.kit.vault import FRAME
from tests.ground.backups.conftest import Place

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ground.backups.conftest import MakePlace

POSTGRES = pytest.mark.postgres
WAYS = [
    pytest.param("sqlite", "sqlite", marks=pytest.mark.once),
    pytest.param("postgresql", "postgresql", marks=POSTGRES),
    pytest.param("sqlite", "postgresql", marks=POSTGRES),
    pytest.param("postgresql", "sqlite", marks=POSTGRES),
]


@pytest.fixture
def filled(make_place: MakePlace, tmp_path: Path) -> tuple[Place, Path]:
    """A small installation on SQLite and a backup of it."""
    place = make_place("sqlite", tables=True)
    place.must("fill", "backup", str(tmp_path / "one.qybackup"))
    return place, tmp_path / "one.qybackup"


@pytest.mark.parametrize(("before", "after"), WAYS)
def test_everything_comes_back(before: str, after: str, make_place: MakePlace, tmp_path: Path) -> None:
    old, new, path = make_place(before, tables=True), make_place(after), tmp_path / "one.qybackup"
    told = old.must("fill", "backup", str(path), "tell")
    found = new.must("restore", str(path), "tell")
    assert found["phone"] == "13800138000"
    # The act that says a backup was made came after it; the one that says it was restored is new.
    assert told["rows"].pop("audit_act")[0] == found["rows"].pop("audit_act")[0]
    assert _moved(found["rows"]) == _moved(told["rows"])
    assert found["tx"] == [0]
    assert found["chain"] == [True, [], told["chain"][2], told["chain"][3]]
    assert found["figures"][0]
    assert {path.relative_to(new.home) for path in (new.home / "files").rglob("*") if path.is_file()} == {
        path.relative_to(old.home) for path in (old.home / "files").rglob("*") if path.is_file()
    }


def _moved(rows: dict[str, object]) -> dict[str, object]:
    """Without the cursors and the number that restoring gives new acts."""
    return {name: row for name, row in rows.items() if name not in {"events_followercursor", "audit_lift"}}


@pytest.mark.parametrize(("before", "after"), WAYS)
def test_life_goes_on_behind_it(before: str, after: str, make_place: MakePlace, tmp_path: Path) -> None:
    old, new, path = make_place(before, tables=True), make_place(after), tmp_path / "one.qybackup"
    old.must("fill", "backup", str(path))
    found = new.must("restore", str(path), "more", "move", "tell")
    assert found["events"] == 320
    ok, breaks, _sealed, unsealed = found["chain"]
    assert (ok, breaks, unsealed) == (True, [], 0)
    assert found["figures"][0]


@pytest.mark.long
@pytest.mark.parametrize(("before", "after"), WAYS)
def test_who_was_erased_after_a_backup_was_made_is_nowhere_once_it_is_restored(
    before: str, after: str, make_place: MakePlace, tmp_path: Path
) -> None:
    old, path = make_place(before, tables=True), tmp_path / "one.qybackup"
    known = old.must("fill", "lotus", "backup", str(path), "search")
    assert (len(known["traces"]) > 5, known["figures"]) == (True, True)
    erased = old.must("erase", "search")
    assert (erased["traces"], erased["events"], erased["figures"]) == ([], known["events"] + 1, True)  # they left

    here = Place(old.home, make_place(after).address)
    done = here.cli("restore", str(path), "--force", "replace everything")
    assert done.returncode == 0, done.stderr
    assert here.must("search") == erased

    # On another machine the list of erasures is what tells of them: without it the backup is all that is known.
    elsewhere, forgetful = make_place(after), make_place(after)
    (elsewhere.home / "erasures.jsonl").write_bytes((old.home / "erasures.jsonl").read_bytes())
    assert elsewhere.must("restore", str(path), "search") == erased
    assert len(forgetful.must("restore", str(path), "search")["traces"]) > 5


@pytest.mark.parametrize(("before", "after"), WAYS)
def test_a_backup_of_what_was_restored_restores(before: str, after: str, make_place: MakePlace, tmp_path: Path) -> None:
    places = [make_place(before, tables=True), make_place(after), make_place(before)]
    paths = [tmp_path / f"{number}.qybackup" for number in (1, 2)]
    places[0].must("fill", "backup", str(paths[0]))
    places[1].must("restore", str(paths[0]), "more", "backup", str(paths[1]))
    found = places[2].must("restore", str(paths[1]), "more", "move", "tell")
    assert found["events"] == 320
    assert found["chain"][:2] == [True, []]
    assert found["chain"][3] == 0
    assert found["figures"][0]


@pytest.mark.parametrize(
    "engine", [pytest.param("sqlite", marks=pytest.mark.once), pytest.param("postgresql", marks=POSTGRES)]
)
def test_it_takes_what_was_acknowledged_before_it_began_while_others_write(
    engine: str, make_place: MakePlace, tmp_path: Path
) -> None:
    place, new, path = make_place(engine, tables=True), make_place("sqlite"), tmp_path / "one.qybackup"
    place.must("fill")
    writer = threading.Thread(target=place.must, args=("more",))
    writer.start()
    place.must("backup", str(path))
    writer.join()
    found = new.must("restore", str(path), "tell")
    assert found["events"] in {300, 320}  # all of the transaction that ran meanwhile, or nothing
    assert found["chain"][:2] == [True, []]
    assert found["figures"][0]


@pytest.mark.once
@pytest.mark.parametrize("harm", ["cut", "cut between frames", "changed", "longer", "words"])
def test_a_doubtful_file_is_refused_and_nothing_is_written(
    harm: str, filled: tuple[Place, Path], make_place: MakePlace
) -> None:
    _place, path = filled
    content = path.read_bytes()
    harmed = {
        "cut": content[: len(content) // 2],
        "cut between frames": content[: len(content) - (len(content) % (FRAME + 16) or 16)],
        "changed": content[:-40] + bytes([content[-40] ^ 1]) + content[-39:],
        "longer": content + b"x",
        "words": b"no backup at all",
    }[harm]
    path.write_bytes(harmed)
    new = make_place("sqlite")
    done = new.cli("restore", str(path))
    assert done.returncode == 1
    assert "is not whole" in done.stderr or "is no backup" in done.stderr or "does not open" in done.stderr
    assert list(new.home.iterdir()) == []


@pytest.mark.once
def test_it_does_not_overwrite_a_home_in_use_unless_told_in_words(
    filled: tuple[Place, Path], make_place: MakePlace
) -> None:
    _place, path = filled
    used = make_place("sqlite", tables=True)
    assert used.cli("init", "--no-input").returncode == 0
    keys = (used.home / "keys.json").read_bytes()
    refused = used.cli("restore", str(path))
    assert refused.returncode == 1
    assert refused.stderr.strip().endswith("--force “replace everything”.")
    assert used.cli("restore", str(path), "--force", "yes").returncode == 1
    assert (used.home / "keys.json").read_bytes() == keys
    done = used.cli("restore", str(path), "--force", "replace everything", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["database"], told["files"]) == ("sqlite", 1)
    [aside] = used.home.glob("before-restore-*")
    assert told["aside"] == str(aside)
    assert (aside / "keys.json").read_bytes() == keys
    assert used.cli("verify").returncode == 0
    assert used.cli("audit", "verify").returncode == 0


@pytest.mark.parametrize(
    "engine", [pytest.param("sqlite", marks=pytest.mark.once), pytest.param("postgresql", marks=POSTGRES)]
)
def test_killed_half_way_the_home_says_what_to_do_and_it_succeeds_again(
    engine: str, filled: tuple[Place, Path], make_place: MakePlace
) -> None:
    _place, path = filled
    new = make_place(engine)
    assert new.run("dying-restore", str(path)).returncode == -9
    for command in (["community", "list"], ["serve"], ["init", "--no-input"]):
        done = new.cli(*command)
        assert done.returncode == 1
        assert f"Run it again: qunying restore “{path}”" in done.stderr
    doctor = new.cli("doctor")
    assert doctor.returncode == 1
    assert "Run it again" in doctor.stdout
    found = new.must("restore", str(path), "tell")
    assert found["events"] == 300
    assert new.cli("events", "followers").returncode == 0


@pytest.mark.once
def test_numbers_of_deleted_rows_are_not_given_again(filled: tuple[Place, Path], make_place: MakePlace) -> None:
    _place, path = filled
    new = make_place("sqlite")
    new.must("restore", str(path))
    with sqlite3.connect(new.home / "qunying.sqlite3") as raw:
        before = dict(raw.execute("SELECT name, seq FROM sqlite_sequence"))
    assert before["events_event"] == 300
    assert (new.home / "keys.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.once
def test_a_backup_is_read_by_its_owner_alone_and_leaves_nothing_beside_it(filled: tuple[Place, Path]) -> None:
    place, path = filled
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir() if one.name.startswith("one.")] == ["one.qybackup"]
    again = place.cli("backup", str(path))
    assert again.returncode == 1
    assert "is there already" in again.stderr
    assert b"13800138000" not in path.read_bytes()


@pytest.mark.once
def test_the_recovery_key_alone_opens_what_its_half_locked(make_place: MakePlace, tmp_path: Path) -> None:
    place, new = make_place("sqlite", tables=True), make_place("sqlite")
    place.must("fill")
    key = place.cli("recovery-key")
    assert key.returncode == 0
    kept = tmp_path / "key.txt"
    kept.write_text(key.stdout.splitlines()[0], encoding="utf-8")
    path = tmp_path / "two.qybackup"
    assert place.cli("backup", str(path)).returncode == 0
    assert kept.read_text(encoding="utf-8") not in (place.home / "recovery.pub").read_text(encoding="ascii")
    checked = new.cli("restore", str(path), "--check", "--key-file", str(kept), "--json")
    assert json.loads(checked.stdout)["ok"] is True
    assert new.cli("restore", str(path), "--key-file", str(kept)).returncode == 0
    assert place.cli("recovery-key").returncode == 1
