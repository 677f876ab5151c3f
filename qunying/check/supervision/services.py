"""Verbs of supervision: how much deviation a unit is allowed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.check.supervision.models import Tolerance
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor
    from qunying.ground.units.models import Unit

SET = declare_verb("supervision.tolerance", gettext_lazy("The execution deviation a unit is allowed was set."))

_MOST = 100
_STEP = Decimal("0.1")


@transaction.atomic
def set_tolerance(unit: Unit, *, percent: Decimal | None, by: Actor) -> Tolerance | None:
    """Allow the unit and all below it this deviation in per cent; None lets what holds above hold here again.

    Raises QunyingError for a number that is not above 0 and at most 100. The same again changes nothing.
    """
    kept = Tolerance.objects.select_for_update().filter(unit=unit).first()
    percent = None if percent is None else _checked(percent)
    if (kept and kept.percent) == percent:
        return kept
    before = kept and str(kept.percent)
    if percent is None:
        Tolerance.objects.filter(unit=unit).delete()
        kept = None
    else:
        kept, _made = Tolerance.objects.update_or_create(unit=unit, defaults={"percent": percent})
    details = {"from": before, "to": None if percent is None else str(percent)}
    write_act(SET, by=by, subject_type="unit", subject_id=unit.pk, details=details)
    return kept


def _checked(percent: Decimal) -> Decimal:
    if not percent.is_finite() or not 0 < percent <= _MOST:
        raise QunyingError(_("The allowed deviation lies between 0.1 and 100 per cent. 8 is usual."))
    rounded = percent.quantize(_STEP)
    if rounded != percent:
        raise QunyingError(_("The allowed deviation has one decimal at most, such as 7.5."))
    return rounded
