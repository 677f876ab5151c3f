"""Conditions on what someone did: how often, how much they spent, how long they have been silent."""

# ruff: noqa: S608 - what is put into SQL is checked numbers, days, and words quoted by `sql_list`
from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qunying.ground.events.kinds import ORDERED, REFUNDED, Grade, all_kinds, kinds_of_grade
from qunying.ground.segments.conditions import Kind, Names, register_condition
from qunying.kit.errors import QunyingError
from qunying.kit.formats import money
from qunying.kit.money import least_minor
from qunying.kit.numerals import to_id
from qunying.kit.sql import sql_list

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from qunying.ground.figures.people import Finding

    Params = Mapping[str, Any]

GRADES: dict[str, _StrPromise] = {
    f"any-{Grade.SEEN}": gettext_lazy("Did anything at all"),
    f"any-{Grade.INTERACTIVE}": gettext_lazy("Interacted"),
    f"any-{Grade.SPEAKING}": gettext_lazy("Spoke"),
}
_MOST_TIMES = 1_000_000
_MOST_DAYS = 3650
_MOST_MONEY = 10**15


def deeds() -> dict[str, str]:
    """What may be asked for: the grades of activity, and every kind of fact that is an act of one's own."""
    own = {kind.name: str(kind.meaning).rstrip(".。") for kind in all_kinds() if kind.grade is not None}
    return {name: str(label) for name, label in GRADES.items()} | own


def _whole(given: Params, name: str, *, low: int, high: int, usual: int) -> int:
    text = str(given.get(name, usual)).strip() or str(usual)
    number = to_id(text)
    if number is None or not low <= number <= high:
        raise QunyingError(
            _("“%(value)s” is not a whole number between %(low)d and %(high)d.")
            % {"value": text, "low": low, "high": high}
        )
    return number


def _days(given: Params, *, low: int = 1) -> int:
    return _whole(given, "days", low=low, high=_MOST_DAYS, usual=30)


def _kinds(deed: str) -> list[str]:
    return kinds_of_grade(Grade(deed.removeprefix("any-"))) if deed in GRADES else [deed]


def _read_did(given: Params) -> dict[str, Any]:
    deed = str(given.get("deed", ""))
    if deed not in deeds():
        raise QunyingError(_("Choose what they did."))
    return {"deed": deed, "times": _whole(given, "times", low=1, high=_MOST_TIMES, usual=1), "days": _days(given)}


def _did_sql(params: Params, look: Finding) -> str:
    return (
        f'SELECT member FROM "facts" WHERE kind IN {sql_list(_kinds(params["deed"]))} '
        f"AND {look.last_days(params['days'])} GROUP BY member HAVING count(*) >= {params['times']:d}"
    )


def _did_words(params: Params, negated: bool, _names: Names) -> str:  # noqa: FBT001 - the port's shape
    told = {"deed": deeds().get(params["deed"], params["deed"]), "times": params["times"], "days": params["days"]}
    if params["times"] == 1:
        text = (
            _("did not in the last %(days)d days: “%(deed)s”")
            if negated
            else _("did in the last %(days)d days: “%(deed)s”")
        )
        return text % told
    text = (
        _("did fewer than %(times)d times in the last %(days)d days: “%(deed)s”")
        if negated
        else _("did at least %(times)d times in the last %(days)d days: “%(deed)s”")
    )
    return text % told


register_condition(
    Kind(
        "did",
        gettext_lazy("Did, or did not"),
        _read_did,
        _did_sql,
        _did_words,
        days=lambda params: int(params["days"]),
        behaviour=True,
    )
)


def _read_spent(given: Params) -> dict[str, Any]:
    text = str(given.get("amount", "")).strip().replace(",", "")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 < amount * 100 <= _MOST_MONEY:
        raise QunyingError(_("“%(value)s” is not an amount. Write one such as 500 or 99.90.") % {"value": text})
    return {"amount": f"{amount:f}", "days": _days(given, low=0)}


def _spent_sql(params: Params, look: Finding) -> str:
    """Whoever spent as much in one currency: sums of several are no sum."""
    kinds = sql_list([ORDERED.name, REFUNDED.name])
    net = f"sum(CASE WHEN kind = '{REFUNDED.name}' THEN -abs(amount) ELSE amount END)"
    return " UNION ".join(
        f'SELECT member FROM "facts" WHERE kind IN {kinds} AND {look.last_days(params["days"])} '
        f"AND community IN {sql_list(communities)} "
        f"GROUP BY member HAVING {net} >= {least_minor(Decimal(params['amount']), currency):d}"
        for currency, communities in look.currencies().items()
    )


def _amount(amount: str, currency: str) -> str:
    """With its currency, where there is one; a bare amount where communities count in several."""
    return money(least_minor(Decimal(amount), currency), currency) if currency else amount


def _spent_words(params: Params, negated: bool, names: Names) -> str:  # noqa: FBT001 - the port's shape
    told = {"amount": _amount(params["amount"], names.currency), "days": params["days"]}
    if not params["days"]:
        return (_("spent less than %(amount)s ever") if negated else _("spent at least %(amount)s ever")) % told
    text = (
        _("spent less than %(amount)s in the last %(days)d days")
        if negated
        else _("spent at least %(amount)s in the last %(days)d days")
    )
    return text % told


register_condition(
    Kind(
        "spent",
        gettext_lazy("Spent at least"),
        _read_spent,
        _spent_sql,
        _spent_words,
        days=lambda params: int(params["days"]),
        behaviour=True,
    )
)


def _quiet_sql(params: Params, look: Finding) -> str:
    acts = sql_list(kinds_of_grade(Grade.SEEN))
    seen = f'SELECT member FROM "facts" WHERE kind IN {acts} AND {look.last_days(params["days"])}'
    return f'SELECT member FROM "stays" EXCEPT {seen}'


def _quiet_words(params: Params, negated: bool, _names: Names) -> str:  # noqa: FBT001 - the port's shape
    days = params["days"]
    if negated:
        return ngettext("last seen within %(days)d day", "last seen within %(days)d days", days) % {"days": days}
    return ngettext(
        "last seen more than %(days)d day ago or never", "last seen more than %(days)d days ago or never", days
    ) % {"days": days}


register_condition(
    Kind(
        "quiet",
        gettext_lazy("Last seen before"),
        lambda given: {"days": _days(given)},
        _quiet_sql,
        _quiet_words,
        days=lambda params: int(params["days"]),
        behaviour=True,
    )
)
