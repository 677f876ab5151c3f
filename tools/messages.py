"""Holds code and catalogues together without gettext's programs: `python -m tools.messages [--compile]`.

Every area keeps its own catalogue in qunying/locale/AREA/zh_Hans; together they must translate every
text that code and templates ask for.
"""

from __future__ import annotations

import io
import os
import re
import sys
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING

import django
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from babel.messages.catalog import Message

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "qunying"
Text = tuple[str, str]
"""A text as catalogues know it: (context, singular)."""

_PLACE = re.compile(r"%(?:\([a-z_0-9]+\))?[a-z]|\{[a-z_0-9]*\}")
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def used_texts() -> dict[Text, str]:
    """Every text that code and templates ask to be translated → the first place that does."""
    found: dict[Text, str] = {}
    for path in sorted(PACKAGE.rglob("*")):
        if _may_speak(path):
            for line, text in texts_in(path):
                found.setdefault(text, f"{path.relative_to(ROOT)}:{line}")
    return found


def _may_speak(path: Path) -> bool:
    if path.suffix == ".py":
        return "migrations" not in path.parts
    return path.suffix in {".html", ".txt"} and "templates" in path.parts


def texts_in(path: Path) -> Iterator[tuple[int, Text]]:
    """Every text a file of Python or a template asks to be translated, with its line."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        from django.utils.translation.template import templatize  # noqa: PLC0415 - Django is started by the caller

        source = templatize(source, origin=str(path))
    try:
        for line, message, _comments, context in extract(
            "python", io.BytesIO(source.encode()), keywords=_KEYWORDS, options={"encoding": "utf-8"}
        ):
            yield line, (context or "", _many(message)[0])
    except (tokenize.TokenError, SyntaxError) as error:
        raise SystemExit(f"{path}: {error}") from error


def catalogues() -> list[Path]:
    """Every Chinese catalogue of the package."""
    return sorted((PACKAGE / "locale").glob("*/zh_Hans/LC_MESSAGES/django.po"))


def translations() -> dict[Text, list[tuple[Path, Message]]]:
    """Text → its entries in the catalogues."""
    found: dict[Text, list[tuple[Path, Message]]] = {}
    for path in catalogues():
        with path.open("rb") as file:
            catalogue = read_po(file)
        for message in catalogue:
            if message.id:
                found.setdefault((message.context or "", _many(message.id)[0]), []).append((path, message))
    return found


def faults() -> list[str]:
    """What keeps the pages from being whole in Chinese, one line each."""
    used, known = used_texts(), translations()
    lines = [f"{place}: no translation of {text[1]!r}" for text, place in used.items() if text not in known]
    for text, entries in known.items():
        area = f"{entries[0][0].relative_to(PACKAGE)}: {text[1]!r}"
        lines += [f"{area} is empty or fuzzy" for _path, message in entries if not is_whole(message)]
        lines += [f"{area} loses or invents a placeholder" for _path, message in entries if not keeps_places(message)]
        if len({str(message.string) for _path, message in entries}) > 1:
            lines.append(f"{area} is translated in two ways")
        if text not in used:
            lines.append(f"{area} is used nowhere")
    return lines


def is_whole(message: Message) -> bool:
    """Whether every form is translated and nobody marked it as doubtful."""
    return all(_many(message.string)) and not message.fuzzy


def keeps_places(message: Message) -> bool:
    """Whether each form has the placeholders of the text, or of its plural."""
    wanted = [set(_PLACE.findall(text)) for text in _many(message.id)]
    return all(set(_PLACE.findall(text)) in wanted for text in _many(message.string))


def _many(text: str | Sequence[str] | None) -> Sequence[str]:
    """A text and its plural, or the one text alone."""
    return (text or "",) if isinstance(text, str | None) else text


def compile_all() -> None:
    """Every django.po beside its django.mo."""
    for path in catalogues():
        with path.open("rb") as source, path.with_suffix(".mo").open("wb") as target:
            write_mo(target, read_po(source))


def start_django() -> None:
    """Django with the package's settings, for its template reader."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qunying.settings")
    django.setup()


def main() -> int:
    """Print what is wrong; exit code 1 where something is."""
    if "--compile" in sys.argv[1:]:
        compile_all()
    start_django()
    lines = faults()
    sys.stdout.write("".join(f"{line}\n" for line in lines) or "Every text is translated.\n")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
