"""The description explains itself: every field, every parameter, every operation."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ninja import Schema

from qunying.doors.api.examples import EXAMPLES, MEANINGS, explained
from qunying.doors.api.urls import api


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    found: dict[str, Any] = api.get_openapi_schema(path_prefix="/api/v1/")
    return found


def _fields(described: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    schemas = described["components"]["schemas"]
    return [(name, field, of) for name, one in schemas.items() for field, of in one.get("properties", {}).items()]


def test_every_field_says_what_it_is(described: dict[str, Any]) -> None:
    assert [(name, field) for name, field, of in _fields(described) if not explained(of)] == []


def test_every_example_is_one(described: dict[str, Any]) -> None:
    wrong = [
        (name, field, example)
        for name, field, of in _fields(described)
        for example in of.get("examples", [])
        if "$ref" not in str(of) and not Draft202012Validator(of).is_valid(example)
    ]
    assert wrong == []


def test_no_explanation_is_of_a_field_that_is_gone(described: dict[str, Any]) -> None:
    known = {field for _name, field, _of in _fields(described)}
    whole = {f"{name.removesuffix('_')}.{field}" for name, field, _of in _fields(described)}
    assert (EXAMPLES.keys() | MEANINGS.keys()) - known - whole == set()


def test_every_operation_has_a_name_of_its_own_and_says_what_it_asks_for(described: dict[str, Any]) -> None:
    operations = [one for of in described["paths"].values() for one in of.values()]
    assert [name for name, count in Counter(one["summary"] for one in operations).items() if count > 1] == []
    assert [one["summary"] for one in operations if not one.get("description")] == []
    assert [one["summary"] for one in operations if "405" in map(str, one["responses"])] == []


def test_no_two_bodies_share_a_name() -> None:
    """The description knows a schema by its name alone: of two that share one it would tell only one."""
    modules = [module for name, module in sorted(sys.modules.items()) if name.startswith("qunying.doors.api.")]
    own = {
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Schema) and one.__module__ == module.__name__
    }
    names = Counter(one.__name__ for one in own if "[" not in one.__name__)
    assert [name for name, count in names.items() if count > 1] == []


def test_every_parameter_says_what_it_is(described: dict[str, Any]) -> None:
    operations = [one for of in described["paths"].values() for one in of.values()]
    unsaid = {
        parameter["name"]
        for one in operations
        for parameter in one["parameters"]
        if parameter["in"] == "query" and not ("description" in parameter or explained(parameter["schema"]))
    }
    assert unsaid == set()
