"""Writes a small typed client from the API's description: a TypedDict for each shape, a method for each operation."""

from __future__ import annotations

import re
from typing import Any

_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_HEAD = """from __future__ import annotations

import http.client
import json
from typing import Any, TypedDict
from urllib.parse import quote, urlencode


class Client:
    def __init__(self, host: str, key: str) -> None:
        self.host, self.key = host, key

    def call(self, method: str, path: str, query: dict[str, Any], body: Any = None) -> Any:
        line = http.client.HTTPConnection(self.host, timeout=30)
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        asked = urlencode({name: value for name, value in query.items() if value is not None})
        line.request(method, f"{path}?{asked}", None if body is None else json.dumps(body), headers)
        answer = line.getresponse()
        text = answer.read()
        line.close()
        if answer.status >= 400:
            raise RuntimeError(json.loads(text)["detail"])
        return json.loads(text) if text else None
"""


def write_client(described: dict[str, Any]) -> str:
    """The source of the client."""
    methods = [
        _method(path, verb, operation)
        for path, of in described["paths"].items()
        for verb, operation in of.items()
        if "multipart/form-data" not in operation.get("requestBody", {}).get("content", {})
    ]
    shapes = [_shape(name, of) for name, of in described["components"]["schemas"].items() if "properties" in of]
    return "\n".join([_HEAD, *methods, "", "", *shapes])


def _method(path: str, verb: str, operation: dict[str, Any]) -> str:
    inside = [one["name"] for one in operation["parameters"] if one["in"] == "path"]
    asked = [one["name"] for one in operation["parameters"] if one["in"] == "query"]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    given = [f"{name}: str | int" for name in inside] + ([f"body: {_type(body)}"] if body else [])
    named = [f"{name}: Any = None" for name in asked]
    arguments = ", ".join(["self", *given, *(["*", *named] if named else [])])
    good = next(answer for status, answer in operation["responses"].items() if str(status).startswith("2"))
    told = _type(good.get("content", {}).get("application/json", {}).get("schema", {"type": "null"}))
    address = re.sub(r"{(\w+)}", r"{quote(str(\1), safe='')}", path)
    query = "{" + ", ".join(f'"{name}": {name}' for name in asked) + "}"
    name = _name(operation)
    sent = ", body" if body else ""
    return (
        f"    def {name}({arguments}) -> {told}:\n"
        f'        return self.call("{verb.upper()}", f"{address}", {query}{sent})\n'
    )


def _name(operation: dict[str, Any]) -> str:
    return re.sub(r"\W+", "_", operation["summary"].lower()).strip("_")


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return _class(schema["$ref"].rsplit("/", 1)[-1])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(one) for one in schema["anyOf"]))
    if schema.get("type") == "array":
        return f"list[{_type(schema.get('items', {}))}]"
    if schema.get("type") == "object":
        return "dict[str, Any]"
    return _PLAIN.get(schema.get("type", ""), "Any")


def _class(name: str) -> str:
    return re.sub(r"\W", "_", name)


def _shape(name: str, schema: dict[str, Any]) -> str:
    fields = "\n".join(f"    {field}: {_type(of)}" for field, of in schema["properties"].items())
    return f"class {_class(name)}(TypedDict, total=False):\n{fields}\n"
