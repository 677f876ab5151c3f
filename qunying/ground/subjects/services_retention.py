"""Verbs on how long things are kept: set a period, say what would go, let it go every night."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.audit.actors import System
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.subjects.models import RetentionRule
from qunying.ground.subjects.retention import all_classes, class_named
from qunying.ground.units.models import Unit
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from qunying.ground.audit.actors import Actor
    from qunying.ground.subjects.retention import RetentionClass

SET = declare_verb("subjects.retention.set", gettext_lazy("How long something is kept was changed."))
PURGE = declare_verb("subjects.retention.purge", gettext_lazy("What had been kept long enough was deleted."))

DAILY = 24 * 3600.0
_CHORE = System("chores")
_AT_ONCE = 500
_LONGEST = 36_500


@dataclass(slots=True)
class Due:
    """What of one class has been kept long enough, by the month it is from; `days` 0: kept for good."""

    kind: RetentionClass
    unit: Unit | None
    days: int
    months: dict[date, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many things would go."""
        return sum(self.months.values())


@transaction.atomic
def set_retention(name: str, *, days: int | None, by: Actor, unit: Unit | None = None) -> None:
    """Keep a class of data for so many days, everywhere or in one unit and below; 0 for good.

    None takes the rule away: what is set above counts, or for good. Raises QunyingError below the floor of
    the law, for what is set elsewhere, and for units where the class knows none.
    """
    kind = class_named(name)
    if kind.fixed is not None:
        raise QunyingError(_("How long “%(what)s” are kept is not set here.") % {"what": kind.label})
    if unit is not None and not kind.by_unit:
        raise QunyingError(_("“%(what)s” belong to no unit; set one period for everyone.") % {"what": kind.label})
    if days is None:
        RetentionRule.objects.filter(name=name, unit=unit).delete()
    else:
        _check_days(kind, days)
        RetentionRule.objects.update_or_create(name=name, unit=unit, defaults={"days": days})
    details = {"class": name, "days": days}
    write_act(SET, by=by, subject_type="unit" if unit else "", subject_id=unit.pk if unit else "", details=details)


def _check_days(kind: RetentionClass, days: int) -> None:
    if not 0 <= days <= _LONGEST:
        raise QunyingError(_("Write a number of days between 1 and 36500, or 0 to keep for good."))
    if days and days < kind.floor:
        raise QunyingError(
            _("%(days)d days are too few for “%(what)s”: at least %(floor)d. %(why)s")
            % {"days": days, "what": kind.label, "floor": kind.floor, "why": kind.why}
        )


def retention_report(*, units: list[int] | None = None) -> list[Due]:
    """What would go tonight, class by class and month by month; changes nothing.

    `units` (ids) narrows what belongs to units; None asks for everything.
    """
    found = []
    for kind, unit, days, inside in _parts():
        seen = inside if units is None or inside is None else [pk for pk in inside if pk in set(units)]
        if units is not None and kind.by_unit and inside is None:
            seen = units
        due = Due(kind, unit, days)
        if days:
            due.months = kind.count(seen, _before(days))
        found.append(due)
    return found


def apply_retention(*, by: Actor = _CHORE) -> int:
    """Let go of everything that has been kept long enough, in small transactions; how many things it were."""
    gone = 0
    for kind, unit, days, inside in _parts():
        if not days or kind.name == "acts":
            continue
        done = _purge(kind, inside, _before(days), by)
        if done:
            with transaction.atomic():
                details = {"class": kind.name, "days": days, "rows": done}
                subject = unit.pk if unit else ""
                write_act(PURGE, by=by, subject_type="unit" if unit else "", subject_id=subject, details=details)
        gone += done
    return gone


def _purge(kind: RetentionClass, inside: list[int] | None, before: datetime, by: Actor) -> int:
    done = 0
    while True:
        with transaction.atomic():
            some = kind.purge(inside, before, _AT_ONCE, by)
        done += some
        if some < _AT_ONCE:
            return done


def _before(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def _parts() -> Iterator[tuple[RetentionClass, Unit | None, int, list[int] | None]]:
    """Class by class: the units each rule governs (None: everything), nearest rule first, and its days."""
    rules = {(rule.name, rule.unit_id): rule.days for rule in RetentionRule.objects.all()}
    units = {unit.pk: unit for unit in Unit.objects.all()}
    for kind in all_classes():
        if kind.fixed is not None:
            yield kind, None, kind.fixed(), None
            continue
        governed: dict[int | None, list[int]] = {}
        for unit in units.values():
            governed.setdefault(_ruling(kind.name, unit, rules), []).append(unit.pk)
        own = [pk for pk in governed if pk is not None]
        if not own:
            yield kind, None, rules.get((kind.name, None), 0), None
            continue
        yield kind, None, rules.get((kind.name, None), 0), governed.get(None, [])
        for pk in sorted(own):
            yield kind, units[pk], rules[kind.name, pk], governed[pk]


def _ruling(name: str, unit: Unit, rules: dict[tuple[str, int | None], int]) -> int | None:
    """The nearest unit, this one or above, that has a rule of its own."""
    above = [int(part) for part in unit.path.split("/") if part]
    return next((pk for pk in reversed(above) if (name, pk) in rules), None)
