"""Parameters of a metric: as numbers, words or lists, whether they come from code or from a command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Mapping

_YES = {"1", "true", "yes", "on"}
_NO = {"0", "false", "no", "off", ""}


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter: its default decides its type; `choices` or `low` and `high` bound it."""

    name: str
    default: Any
    choices: tuple[str, ...] = ()
    low: int = 0
    high: int = 3650

    def read(self, value: Any) -> Any:
        """The value in the type of the default; raises ValueError where it is not one, or out of bounds."""
        if isinstance(self.default, bool):
            return _read_bool(value)
        if isinstance(self.default, int):
            return self._read_int(value)
        if isinstance(self.default, tuple):
            parts = value.split(",") if isinstance(value, str) else value
            return tuple(str(part).strip() for part in parts if str(part).strip())
        text = str(value)
        if text not in self.choices:
            raise ValueError(text)
        return text

    def _read_int(self, value: Any) -> int:
        number = int(value)
        if not self.low <= number <= self.high:
            raise ValueError(value)
        return number

    @property
    def wanted(self) -> str:
        """What may be given, for an error message and the definition sheet."""
        if isinstance(self.default, bool):
            return "yes, no"
        if isinstance(self.default, int):
            return f"{self.low}–{self.high}"
        return ", ".join(self.choices) if self.choices else "a,b,c"


def _read_bool(value: Any) -> bool:
    text = str(value).lower()
    if text not in _YES | _NO:
        raise ValueError(value)
    return text in _YES


def read_params(metric: str, params: tuple[Param, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """The given parameters, checked, with defaults for the rest; raises QunyingError."""
    known = {param.name: param for param in params}
    for name in given:
        if name not in known:
            raise QunyingError(
                _("The metric “%(metric)s” has no parameter “%(name)s”. It has: %(known)s.")
                % {"metric": metric, "name": name, "known": ", ".join(known) or "—"}
            )
    return {name: _read(metric, param, given.get(name, param.default)) for name, param in known.items()}


def _read(metric: str, param: Param, value: Any) -> Any:
    try:
        return param.read(value)
    except (TypeError, ValueError):
        raise QunyingError(
            _("“%(value)s” is not a value of the parameter “%(name)s” of “%(metric)s”. It takes: %(wanted)s.")
            % {"value": value, "name": param.name, "metric": metric, "wanted": param.wanted}
        ) from None
