"""`qunying import` and `qunying formats`, as a person or a script calls them."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.exports import SLACK, WHATSAPP, as_json, zipped
from tests.support.tables import lay_tables

# Homes of their own on SQLite, whatever the suite runs on.
pytestmark = pytest.mark.once

KEYS = {"rows", "stored", "duplicates", "rejected", "members_new", "kinds", "from", "to", "report"}
ORDERS = "basket,household,sales,stamp\nb1,7,1.59,1488339117.0\nb1,7,x,1488339117.0\nb2,8,2,1488339118\n"


def qunying(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QUNYING_HOME": str(home), "QUNYING_LANGUAGE": "en"}
    environment.pop("QUNYING_DATABASE", None)
    command = [sys.executable, "-m", "qunying.doors.cli", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=180)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("home") / "qunying"
    lay_tables(path)
    assert qunying(path, "init", "--no-input").returncode == 0
    assert qunying(path, "community", "create", "shop", "--name", "花店").returncode == 0
    return path


def test_a_dry_run_an_import_and_the_same_again(home: Path, tmp_path: Path) -> None:
    file, mapping = tmp_path / "o.csv.gz", tmp_path / "map.toml"
    file.write_bytes(gzip.compress(ORDERS.encode()))
    mapping.write_text(
        '[columns]\norder_id = "basket"\nmember = "household"\namount = "sales"\ntime = "stamp"\n', encoding="utf-8"
    )
    command = ("import", "orders", str(file), "--community", "shop", "--map", str(mapping), "--json")
    tried, done, again = (qunying(home, *command, *more) for more in (("--dry-run",), (), ()))
    results = [json.loads(each.stdout) for each in (tried, done, again)]
    assert [each.returncode for each in (tried, done, again)] == [0, 0, 0]
    assert [each.stderr for each in (tried, done, again)] == ["", "", ""]
    assert all(result.keys() >= KEYS for result in results)
    told = [[result[key] for key in ("rows", "stored", "duplicates", "rejected", "members_new")] for result in results]
    assert told == [[3, 2, 0, 1, 2], [3, 2, 0, 1, 2], [3, 0, 2, 1, 0]]
    assert (results[1]["kinds"], results[1]["from"]) == ({"ordered": 2}, "2017-03-01T03:31:57+00:00")
    assert Path(results[1]["report"]).read_text(encoding="utf-8-sig").splitlines()[1].startswith("o.csv.gz,3,sales,x,")


def test_people_read_sentences(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    file.write_text("platform,external_id,name,joined_at,city\nwechat,a,小美,2024-05-01T10:00:00+08:00,杭州\n", "utf-8")
    done = qunying(home, "import", "members", str(file), "--community", "shop", "--group", "花友一群")
    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        [
            "The import is done.",
            "1 rows: 1 facts stored, 0 known already, 0 rows rejected.",
            "1 new members.",
            "  joined: 1",
            "From 2024-05-01T02:00:00+00:00 to 2024-05-01T02:00:00+00:00.",
            "These columns became tag dimensions: city.",
        ],
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("irc", "{file}", "--community", "shop"), "“x.txt” is not a file of the format irc"),
        (("irc", "{file}.gone", "--community", "shop"), "cannot be read"),
        (("irc", "{file}", "--community", "nowhere"), "no community “nowhere”"),
        (("morse", "{file}", "--community", "shop"), "no format “morse”"),
        (("irc", "{file}", "--community", "shop", "--option", "date"), "“date” is no option"),
        (("irc", "{file}", "--community", "shop", "--map", "{file}"), "is not a mapping"),
    ],
)
def test_a_refusal_is_one_sentence_and_exit_code_1(
    home: Path, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    file = tmp_path / "x.txt"
    file.write_text("nothing of the kind\n", encoding="utf-8")
    done = qunying(home, "import", *(text.format(file=file) for text in arguments), "--json")
    assert (done.returncode, done.stdout, done.stderr.strip().count("\n")) == (1, "", 0)
    assert sentence in done.stderr


def test_formats_lists_every_format_with_its_columns(tmp_path: Path) -> None:
    done = qunying(tmp_path, "formats", "--json")
    formats = {each["name"]: each for each in json.loads(done.stdout)["formats"]}
    assert len(formats) == 25
    assert formats["telegram"]["where"] == (
        "Telegram Desktop: open the group, “Export chat history”, format JSON; bring result.json."
    )
    needed = [column["name"] for column in formats["orders"]["columns"] if column["needed"]]
    assert needed == ["order_id", "member", "time", "amount"]
    said = qunying(tmp_path, "formats").stdout
    assert "  * order_id     The order's number; several rows may share it." in said.splitlines()


def test_a_folder_goes_in_as_it_is(home: Path, tmp_path: Path) -> None:
    for name, content in SLACK.items():
        path = tmp_path / "export" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_json(content), encoding="utf-8")
    done = qunying(home, "import", "slack_export", str(tmp_path / "export"), "--community", "shop", "--json")
    assert json.loads(done.stdout)["kinds"] == {
        "joined": 1, "left": 1, "mentioned": 2, "reacted": 1, "renamed_group": 1, "replied": 1, "spoke": 2,
    }  # fmt: skip
    (tmp_path / "empty").mkdir()
    done = qunying(home, "import", "slack_export", str(tmp_path / "empty"), "--community", "shop")
    assert (done.returncode, "holds 0 text files" in done.stderr) == (1, True)


def test_an_archive_of_several_chats_goes_in_as_one_run(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "chats.zip"
    file.write_bytes(zipped({"Roses.txt": WHATSAPP, "Tulips.txt": WHATSAPP, "photo.jpg": b"\xff\xd8"}))
    first, again = (qunying(home, "import", "whatsapp", str(file), "--community", "shop", "--json") for _ in range(2))
    assert (first.returncode, first.stderr, again.returncode) == (0, "", 0)
    told, second = json.loads(first.stdout), json.loads(again.stdout)
    assert told["rows"] == second["rows"] == 2 * (WHATSAPP.count("\n") - 1)
    assert (told["stored"] > 0, second["stored"], second["duplicates"]) == (True, 0, told["stored"])
    file.write_bytes(zipped({"a.txt": WHATSAPP, "b.zip": zipped({"c.txt": WHATSAPP}), "d.txt": WHATSAPP}))
    refused = qunying(home, "import", "whatsapp", str(file), "--community", "shop")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert (
        refused.stderr == "“chats.zip” holds an archive within an archive. Unpack it once and import what is inside.\n"
    )
