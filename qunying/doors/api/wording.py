"""What pydantic finds wrong, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLAIN = {
    "missing": _("This is missing."),
    "extra_forbidden": _("There is no such field."),
    "string_type": _("This has to be text."),
    "int_parsing": _("This has to be a whole number."),
    "int_type": _("This has to be a whole number."),
    "int_from_float": _("This has to be a whole number."),
    "bool_parsing": _("This has to be true or false."),
    "bool_type": _("This has to be true or false."),
    "list_type": _("This has to be a list."),
    "dict_type": _("This has to be an object."),
    "model_attributes_type": _("This has to be an object."),
    "model_type": _("This has to be an object."),
    "string_pattern_mismatch": _("The text does not have the form that is described."),
}
_BOUNDS = {
    "string_too_long": _("Too long: at most %(max_length)s."),
    "string_too_short": _("Too short: at least %(min_length)s."),
    "too_long": _("Too long: at most %(max_length)s."),
    "too_short": _("Too short: at least %(min_length)s."),
    "greater_than_equal": _("The number is below %(ge)s."),
    "less_than_equal": _("The number is above %(le)s."),
    "literal_error": _("This is none of: %(expected)s."),
    "enum": _("This is none of: %(expected)s."),
}


def plain_words(error: Mapping[str, Any]) -> str:
    """One error of pydantic in the reader's language; what our own validators say is so already."""
    kind, context = str(error.get("type", "")), error.get("ctx", {})
    if kind == "value_error":
        return str(context.get("error", "")) or str(error["msg"]).removeprefix("Value error, ")
    if kind in _PLAIN:
        return str(_PLAIN[kind])
    if kind in _BOUNDS:
        words: str = str(_BOUNDS[kind]) % context
        return words
    return str(_("The date or time is none.") if kind.startswith(("date", "time")) else _("The value is no good here."))
