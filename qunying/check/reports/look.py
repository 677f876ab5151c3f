"""The colours and styles of the house, read from the one file that names them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _

from qunying.kit.errors import QunyingError

_STYLES = "qunying/css"
_LIGHT = re.compile(r":root,[^{]*\{(?P<body>[^}]*)\}")
_PROPERTY = re.compile(r"--(?P<name>[a-z0-9-]+):\s*(?P<value>[^;]+);")


def style_sheet(name: str) -> str:
    """The text of one of the console's own style sheets; raises QunyingError where it was never built."""
    found = finders.find(f"{_STYLES}/{name}")
    if not isinstance(found, str):
        raise QunyingError(
            _("The styles of the pages are not built: %(name)s is missing. Run “make assets”.") % {"name": name}
        )
    return Path(found).read_text(encoding="utf-8")


@cache
def colours() -> dict[str, str]:
    """Name → colour of the light theme, such as `series-1`; names that stand for others are left out."""
    light = _LIGHT.search(style_sheet("tokens.css"))
    pairs = _PROPERTY.findall(light["body"]) if light else []
    return {name: value.strip() for name, value in pairs if value.strip().startswith("#")}
