"""What a schema has to say, as sentences for people who do not program."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.kit.durations import PATTERN
from qunying.kit.saying import LANGUAGES, say
from qunying.plan.playbooks.schema import DURATION
from qunying.plan.playbooks.sections import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TYPES = {
    "string": gettext_lazy("text"),
    "integer": gettext_lazy("a whole number"),
    "number": gettext_lazy("a number"),
    "boolean": gettext_lazy("true or false"),
    "array": gettext_lazy("a list, each line beginning with “- ”"),
    "object": gettext_lazy("several names with values, one a line"),
    "null": gettext_lazy("nothing"),
}
_EMPTY = gettext_lazy("Nothing stands here. Write something, or take the line out.")
_BOUNDS = {
    "minimum": gettext_lazy("%(given)s is too little; the least is %(bound)s."),
    "maximum": gettext_lazy("%(given)s is too much; the most is %(bound)s."),
    "maxLength": gettext_lazy("This is longer than %(bound)s characters. Shorten it."),
    "minLength": _EMPTY,
    "minItems": _EMPTY,
    "minProperties": _EMPTY,
}
_LONGEST_SHOWN = 40


def problems_in_words(error: Any) -> Iterator[Problem]:
    """One sentence for each thing this ValidationError of jsonschema stands for, at its path."""
    path = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        for name in unknown_names(error):
            yield Problem((*path, name), unknown_name(name, error.schema.get("properties", {})), about_name=True)
    elif error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        yield Problem(path, _("“%(names)s” is missing here.") % {"names": ", ".join(missing)})
    else:
        yield Problem(path, _sentence(error))


def unknown_names(error: Any) -> list[str]:
    """The names in a mapping that its schema does not know."""
    return [name for name in error.instance if name not in error.schema.get("properties", {})]


def unknown_name(name: str, known: Iterable[str]) -> str:
    """That a name means nothing here, with the nearest one that does."""
    return _unknown(name, list(known))


def _unknown(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        return _("“%(name)s” is not known here. Perhaps you mean “%(near)s”.") % {"name": name, "near": near[0]}
    given = {"name": name, "known": ", ".join(known)}
    return _("“%(name)s” is not known here. What may stand here: %(known)s.") % given


def _sentence(error: Any) -> str:
    given, bound = shown(error.instance), error.validator_value
    if error.validator == "type":
        wanted = bound if isinstance(bound, list) else [bound]
        words = _(" or ").join(str(_TYPES[kind]) for kind in wanted)
        return _("%(wanted)s is expected here, not %(given)s.") % {"wanted": words, "given": given} + _examples(error)
    if error.validator in {"enum", "const"}:
        return _unknown(
            str(error.instance), [str(value) for value in (bound if error.validator == "enum" else [bound])]
        )
    if error.validator in _BOUNDS:
        return _BOUNDS[error.validator] % {"given": given, "bound": bound}
    if error.validator == "oneOf" and all("required" in branch for branch in bound):
        ways = _(" or ").join("“" + ", ".join(branch["required"]) + "”" for branch in bound)
        return _("One of these is needed here, and one only: %(ways)s.") % {"ways": ways}
    return _("%(given)s does not fit here.") % {"given": given} + _examples(error)


def _examples(error: Any) -> str:
    usual = DURATION["examples"] if error.schema.get("pattern") == PATTERN else []
    examples = [str(example) for example in error.schema.get("examples", usual)]
    return _(" For example: %(examples)s.") % {"examples": _(" or ").join(examples)} if examples else ""


def plain_words(value: Any) -> str:
    """A value of a playbook in a line: texts in the reader's language, lists and mappings spelt out, “–” for none."""
    if value is None:
        return "–"
    if isinstance(value, dict):
        if value and set(value) <= set(LANGUAGES):
            return say(value)
        return "; ".join(f"{name}: {plain_words(each)}" for name, each in value.items())
    if isinstance(value, list):
        return "; ".join(plain_words(each) for each in value)
    return say(value)


def shown(value: Any) -> str:
    """A value as it is quoted in a sentence: short, and in words where it is a list or a mapping."""
    if isinstance(value, dict):
        return str(_TYPES["object"])
    if isinstance(value, list):
        return str(_TYPES["array"])
    if value is None:
        return str(_TYPES["null"])
    if isinstance(value, bool):
        return "“true”" if value else "“false”"
    text = str(value)
    return f"“{text[:_LONGEST_SHOWN]}{'…' if len(text) > _LONGEST_SHOWN else ''}”"
