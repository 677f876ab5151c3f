"""A client drawn from the description, used against a server that runs."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

import pytest

from tests.doors.api.client_writer import write_client

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.live_server_helper import LiveServer

    from qunying.ground.groups.models import Group
    from tests.doors.api.conftest import Program


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_a_client_drawn_from_the_description_works(
    live_server: LiveServer, program: Program, group: Group, tmp_path: Path
) -> None:
    described = program.client.get("/api/v1/openapi.json").json()
    client = _load(write_client(described), tmp_path)(live_server.url.removeprefix("http://"), program.text)
    item = {"key": "1", "kind": "spoke", "occurred_at": "2026-03-01T10:00:00+08:00", "group": group.pk}
    item["who"] = {"platform": "wechat", "external_id": "wx-1", "name": "小美"}
    told = client.send_facts("flowers", {"source": "shop", "events": [item]})
    assert (told["stored"], told["results"]) == (1, [{"key": "1", "result": "stored", "reason": None}])
    assert [one["name"] for one in client.members("flowers", fields="name")["items"]] == ["小美"]
    assert client.one_community("flowers")["slug"] == "flowers"
    made = client.add_work({"title": "浇花", "community": "flowers", "due": "2026-12-01"})
    assert client.tick_work_off(made["id"], {"note": "好了"})["note"] == "好了"
    with pytest.raises(RuntimeError):
        client.one_community("roses")


def _load(source: str, folder: Path) -> Any:
    path = folder / "drawn.py"
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("drawn", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Client
