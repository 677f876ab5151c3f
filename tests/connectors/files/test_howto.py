"""The importer in the how-to works as it stands there, and is as short as promised."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from qunying.ground.imports import importers
from tests.support.home import ROOT
from tests.support.imports import bring, codes, counts, import_files, log_of

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db


def test_the_importer_of_the_howto_works(community: Community, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "docs/howto/importer.md").read_text(encoding="utf-8")
    [code] = re.findall(r"```python\n(.+?)```", text, re.DOTALL)
    assert code.count("\n") < 60
    monkeypatch.setattr(importers, "_importers", dict(importers._importers))
    module: dict[str, Any] = {"__name__": "door"}
    exec(compile(code, "door.py", "exec"), module)  # noqa: S102 - our own page
    book = "2024-05-01 10:30 wx1 小美\n2024-05-01 10:30 wx1 小美\nillegible\n"
    result = import_files(bring("door.txt", book), "door", community)
    assert counts(result) == (3, 2, 0, 1)
    assert codes(result) == [("3", "", "illegible", "not_a_line")]
    assert log_of(community) == [("checked_in", "2024-05-01 02:30", "wx1", "")] * 2
    assert counts(import_files(bring("door.txt", book), "door", community)) == (3, 0, 2, 1)
