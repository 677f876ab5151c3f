"""An import step by step, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qunying.ground.events.models import Event
from qunying.ground.files.models import StoredFile
from qunying.ground.imports.models import ImportRun
from qunying.ground.jobs.services import run_to_end
from tests.support.exports import QQ, WHATSAPP, zipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
PLACE = "communities/flowers"
TABLE = "平台号,账号,昵称,什么时候\nwechat,m1,小美,2026-01-05T10:00:00+08:00\nwechat,m2,阿强,去年\n"
COLUMNS = {"platform": "平台号", "external_id": "账号", "name": "昵称", "joined_at": "什么时候"}


def bring(program: Program, *files: SimpleUploadedFile, to: str = PLACE) -> HttpResponse:
    headers = {"Authorization": f"Bearer {program.text}", "Accept-Language": "en"}
    return program.client.post(f"/api/v1/{to}/files", {"files": list(files)}, headers=headers)


def table(name: str = "会员.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, TABLE.encode("gb18030"))


def test_the_steps_lead_from_a_file_to_facts(program: Program, community: Community) -> None:
    [kept] = bring(program, table()).json()
    seen = program.post(f"{PLACE}/files/{kept['id']}/look", {"format": "members", "columns": COLUMNS}).json()
    assert (seen["encoding"], seen["rows"][0][2], seen["missing"]) == ("gb18030", "小美", [])
    assert {name: seen["columns"][name] for name in COLUMNS} == COLUMNS

    how = {"format": "members", "columns": COLUMNS, "group": "花友一群"}
    tried = program.post(f"{PLACE}/imports/brought", how | {"files": [kept["id"]]}).json()
    run_to_end(ImportRun.objects.get(pk=tried["id"]).job)
    assert program.get(f"imports/{tried['id']}")["result"]["stored"] == 1
    assert (tried["dry_run"], Event.objects.count()) == (True, 0)
    assert [row["value"] for row in program.get(f"imports/{tried['id']}/rejected")] == ["去年"]

    going = program.post(f"imports/{tried['id']}/go", None)
    assert (going.status_code, going["Location"]) == (201, f"/api/v1/imports/{going.json()['id']}")
    run_to_end(ImportRun.objects.latest("pk").job)
    assert (going.json()["dry_run"], Event.objects.count()) == (False, 1)


def test_only_a_trial_that_ended_well_goes(program: Program, community: Community) -> None:
    [kept] = bring(program, table()).json()
    given = {"format": "members", "columns": COLUMNS, "files": [kept["id"]]}
    tried = program.post(f"{PLACE}/imports/brought", given).json()
    answer = program.post(f"imports/{tried['id']}/go", None)
    assert (answer.status_code, "did not end well" in answer.json()["detail"]) == (400, True)


def test_an_archive_becomes_its_files_and_a_mixture_is_refused(program: Program, community: Community) -> None:
    chats = SimpleUploadedFile("all.zip", zipped({"Roses.txt": WHATSAPP, "Tulips.txt": WHATSAPP}))
    assert [one["name"] for one in bring(program, chats).json()] == ["all.zip/Roses.txt", "all.zip/Tulips.txt"]
    mixed = SimpleUploadedFile("mixed.zip", zipped({"Roses.txt": WHATSAPP, "qq.txt": QQ}))
    assert bring(program, mixed).status_code == 400
    assert bring(program, *(table(f"{number}.csv") for number in range(21))).status_code == 400


def test_a_mapping_is_kept_under_its_name(program: Program, community: Community) -> None:
    given = {"name": "收银系统", "format": "members", "columns": COLUMNS}
    assert program.post(f"{PLACE}/mappings", given).status_code == 201
    [told] = program.get(f"{PLACE}/mappings?form=members")["items"]
    assert (told["name"], told["columns"]) == ("收银系统", COLUMNS)
    assert program.get(f"{PLACE}/mappings?form=whatsapp")["items"] == []
    assert program.post(f"{PLACE}/mappings", given | {"columns": {"nonsense": "昵称"}}).status_code == 400


def test_what_may_be_set_is_told_with_the_format(program: Program) -> None:
    known = {one["name"]: one for one in program.get("formats")}
    assert {"name": "external_id", "needed": True}.items() <= next(
        one for one in known["members"]["columns"] if one["name"] == "external_id"
    ).items()
    assert known["whatsapp"]["columns"] == []


def test_files_of_people_and_of_other_units_cannot_be_read(
    program: Program,
    stranger: Program,
    community: Community,
    other_community: Community,
    director: Staff,
    units: Units,
    make_program: Callable[..., Program],
) -> None:
    [kept] = bring(program, table()).json()
    path = f"files/{kept['id']}/look"
    assert program.post(f"communities/fruit/{path}", {}).status_code == 404
    reader = make_program(director, units.shop, ["figures.see"])
    acts: list[tuple[str, Any]] = [
        (path, {}),
        ("imports/brought", {"files": [kept["id"]], "format": "members"}),
        ("mappings", {"name": "x", "format": "members", "columns": {}}),
    ]
    for to, body in acts:
        assert [one.post(f"{PLACE}/{to}", body).status_code for one in (reader, stranger)] == [404, 404]
    assert [bring(one, table()).status_code for one in (reader, stranger)] == [404, 404]
    StoredFile.objects.update(owner=director)
    assert program.post(f"{PLACE}/{path}", {}).status_code == 404
