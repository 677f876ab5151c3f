"""`member export | erase` and `keys rotate`, as people call them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.command import qunying
from tests.support.tables import lay_tables

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.once

CSV = (
    "platform,external_id,name,phone,joined_at,marketing\n"
    "wechat,wxid_lotus88,莲花小屋,13812345678,2026-01-05 10:00,是\n"
    "wechat,wxid_bamboo7,竹子,13812345679,2026-01-05 10:00,否\n"
)
LOTUS = ("--community", "flowers", "--platform", "wechat", "--external-id", "wxid_lotus88")
NEEDLES = ("wxid_lotus88", "莲花小屋", "13812345678")


def test_a_person_is_told_everything_erased_and_does_not_come_back(tmp_path: Path) -> None:
    home, table = tmp_path / "home", tmp_path / "people.csv"
    table.write_text(CSV, encoding="utf-8")
    lay_tables(home)
    assert qunying(home, "init", "--no-input").returncode == 0
    assert qunying(home, "community", "create", "flowers", "--name", "花友会").returncode == 0
    bring = ("import", "members", str(table), "--community", "flowers", "--json")
    assert qunying(home, *bring).returncode == 0
    who = ("--community", "flowers", "--platform", "wechat", "--external-id", "wxid_lotus88")

    told = json.loads(qunying(home, "member", "export", *who).stdout)
    assert told["private"] == [{"field": "Telephone", "value": "13812345678"}]
    assert [(row["purpose"], row["given"]) for row in told["consents"]] == [("Offers and advertising", True)]
    page = qunying(home, "member", "export", *who, "--out", str(tmp_path / "all.html"))
    assert (page.returncode, "莲花小屋" in (tmp_path / "all.html").read_text(encoding="utf-8")) == (0, True)

    unasked = qunying(home, "member", "erase", *who)
    assert (unasked.returncode, "say --yes" in unasked.stderr) == (1, True)

    done = qunying(home, "member", "erase", *who, "--yes", "--json")
    result = json.loads(done.stdout)
    assert (done.returncode, result["clean"], result["compacted"], result["erased"]["uploads"]) == (0, True, True, 1)
    traces = [path for path in home.rglob("*") if path.is_file() and b"wxid_lotus88" in path.read_bytes()]
    assert traces == []

    again = json.loads(qunying(home, *bring).stdout)
    assert (again["erased"], again["stored"], again["duplicates"]) == (1, 0, 1)
    gone = qunying(home, "member", "export", *who)
    assert (gone.returncode, gone.stderr.strip()) == (
        1,
        "“flowers” has no member with the account wxid_lotus88 on wechat.",
    )
    once_more = json.loads(qunying(home, "member", "erase", *who, "--yes", "--json").stdout)
    assert once_more["erased_before"] is True
    assert [trace for trace in once_more["traces"] if "/files/" not in trace] == []

    turned = json.loads(qunying(home, "keys", "rotate", "--json").stdout)
    assert (turned["state"], turned["resealed"], turned["waiting"], len(turned["old"])) == ("done", 1, 0, 1)
    well = json.loads(qunying(home, "doctor", "--json").stdout)
    assert next(row["ok"] for row in well["findings"] if row["name"] == "Encryption") is True


def test_a_backup_from_before_the_erasure_brings_nobody_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUNYING_BACKUP_PASSPHRASE", "墨兰开了 四月的雨 correct horse")
    home, table, backup = tmp_path / "home", tmp_path / "people.csv", tmp_path / "before.qunying"
    table.write_text(CSV, encoding="utf-8")
    lay_tables(home)
    for command in (
        ("init", "--no-input"),
        ("community", "create", "flowers", "--name", "花友会"),
        ("import", "members", str(table), "--community", "flowers"),
        ("backup", str(backup)),
        ("member", "erase", *LOTUS, "--yes"),
        ("restore", str(backup), "--force", "replace everything"),
    ):
        done = qunying(home, *command)
        assert done.returncode == 0, done.stderr
    holding = [
        str(path.relative_to(home))
        for path in home.rglob("*")
        if path.is_file() and any(needle.encode() in path.read_bytes() for needle in NEEDLES)
    ]
    assert holding == []
    gone = qunying(home, "member", "export", *LOTUS)
    assert (gone.returncode, "has no member with the account" in gone.stderr) == (1, True)
    told = json.loads(qunying(home, "member", "erase", *LOTUS, "--yes", "--json").stdout)
    assert (told["erased_before"], told["clean"], told["traces"]) == (True, True, [])
    assert json.loads(qunying(home, "verify", "--json").stdout)["ok"] is True
