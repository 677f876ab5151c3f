"""The table of calls: whole, consistent, and held against what the platform really answered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunying.connectors.wecom.endpoints import CORP, ENDPOINTS, HOST, IN_ADDRESS, Pace, Retry, paces_of
from qunying.kit.shapes import shape

if TYPE_CHECKING:
    from pathlib import Path

RECORDED = {
    "department_list": "department/list",
    "externalcontact_add_contact_way": "externalcontact/add_contact_way",
    "externalcontact_add_corp_tag": "externalcontact/add_corp_tag",
    "externalcontact_add_msg_template": "externalcontact/add_msg_template",
    "externalcontact_batch_get_by_user": "externalcontact/batch/get_by_user",
    "externalcontact_get": "externalcontact/get",
    "externalcontact_get_contact_way": "externalcontact/get_contact_way",
    "externalcontact_get_follow_user_list": "externalcontact/get_follow_user_list",
    "externalcontact_get_user_behavior_data": "externalcontact/get_user_behavior_data",
    "externalcontact_groupchat_get": "externalcontact/groupchat/get",
    "externalcontact_groupchat_list": "externalcontact/groupchat/list",
    "externalcontact_list": "externalcontact/list",
    "externalcontact_mark_tag": "externalcontact/mark_tag",
    "externalcontact_send_welcome_msg": "externalcontact/send_welcome_msg",
    "gettoken": "gettoken",
}
"""Recorded answers by their file, and the call each answers; left out are a call that was replaced and an upload."""
LEFT_OUT = {"externalcontact_get_group_msg_result", "media_upload"}


def test_every_recorded_answer_has_the_shape_that_the_table_says(shared_data: Path) -> None:
    folder = shared_data / "platform" / "wecom-api"
    assert {path.stem for path in folder.glob("*.json")} == RECORDED.keys() | LEFT_OUT
    for file, name in RECORDED.items():
        told = json.loads((folder / f"{file}.json").read_text())
        assert (file, ENDPOINTS[name].answers.faults(told, strict=False)) == (file, [])


def test_every_call_is_whole() -> None:
    assert len(ENDPOINTS) == 85
    assert len({(one.method, one.path) for one in ENDPOINTS.values()}) == len(ENDPOINTS)
    assert {one.method for one in ENDPOINTS.values()} == {"GET", "POST"}
    assert {one.path.removeprefix("/cgi-bin/") for one in ENDPOINTS.values()} == set(ENDPOINTS)
    assert [name for name, one in ENDPOINTS.items() if not one.keyed] == ["gettoken", "webhook/send"]
    for name, fields in IN_ADDRESS.items():
        assert fields <= ENDPOINTS[name].asks.fields.keys()


def test_no_call_that_only_reads_changes_anything() -> None:
    """By its name: what begins so is never asked of a person when its answer was lost, and nothing else may be."""
    words = ("get", "list", "statistic", "simplelist", "contact_list", "opengid", "unionid", "convert", "customer",
             "batch")  # fmt: skip
    for name, one in ENDPOINTS.items():
        last = name.rpartition("/")[2]
        reads = last.startswith(words) or last.endswith(("_result", "_list"))
        assert (name, one.retry is Retry.READ) == (name, reads)
        assert one.method == "POST" or one.retry is Retry.READ


def test_limits_are_data() -> None:
    assert paces_of(ENDPOINTS["externalcontact/get"]) == CORP == (Pace(10_000, 60), Pace(150_000, 3600))
    assert paces_of(ENDPOINTS["webhook/send"]) == (Pace(20, 60, "key"),)
    assert Pace(3, 86_400, "msgid") in paces_of(ENDPOINTS["externalcontact/remind_groupmsg_send"])


def test_the_address_is_the_platforms_own() -> None:
    assert HOST == "https://qyapi.weixin.qq.com"


@pytest.mark.parametrize(
    ("line", "given_", "faults"),
    [
        ("a!s3 b?i10", {"a": "xyz", "b": 10}, []),
        ("a!s3", {}, ["a is missing"]),
        ("a!s3", {"a": "wxyz"}, ["a is over 3"]),
        ("a!s3", {"a": 7}, ["a is no s"]),
        ("b?i10", {"b": 11}, ["b is over 10"]),
        ("b?i", {"b": True}, ["b is no i"]),
        ("l?l2", {"l": [1, 2, 3]}, ["l is over 2"]),
        ("o?o", {"o": []}, ["o is no o"]),
        ("", {"x": 1}, ["x is unknown"]),
    ],
)
def test_a_shape_says_what_is_wrong(line: str, given_: dict[str, object], faults: list[str]) -> None:
    assert shape(line).faults(given_, strict=True) == faults


def test_a_line_that_says_nothing_is_refused() -> None:
    for line in ("a", "a!x", "a-b!s", "a!s3x"):
        with pytest.raises(ValueError, match="no field"):
            shape(line)


@settings(max_examples=30)
@given(st.dictionaries(st.text(max_size=8), st.none() | st.booleans() | st.floats() | st.text() | st.lists(st.text())))
def test_any_object_is_judged_without_stumbling(told: dict[str, object]) -> None:
    for name in ("gettoken", "externalcontact/get", "externalcontact/groupchat/statistic"):
        ENDPOINTS[name].answers.faults(told, strict=False)
