"""Giving a unit its logo, and taking it away."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.check.reports.models import UnitLogo
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor
    from qunying.ground.units.models import Unit

SET = declare_verb("reports.set_logo", gettext_lazy("A unit was given a logo for its reports."))
REMOVE = declare_verb("reports.remove_logo", gettext_lazy("The logo of a unit was taken away."))


def set_logo(unit: Unit, *, raw: bytes, by: Actor) -> UnitLogo:
    """Put this picture (PNG, JPEG or SVG) on the reports of the unit; raises QunyingError for what does not serve."""
    from qunying.check.reports.logo import as_logo  # noqa: PLC0415 - loads what draws pictures

    png = as_logo(raw)
    with transaction.atomic():
        logo, _made = UnitLogo.objects.update_or_create(unit=unit, defaults={"png": png})
        details = {"sha256": sha256(png).hexdigest(), "bytes": len(png)}
        write_act(SET, by=by, subject_type="unit", subject_id=unit.pk, details=details)
    return logo


@transaction.atomic
def remove_logo(unit: Unit, *, by: Actor) -> None:
    """Take the unit's own logo away, so that it bears that of a unit above; raises QunyingError where it has none."""
    gone, _by_model = UnitLogo.objects.filter(unit=unit).delete()
    if not gone:
        raise QunyingError(_("The unit “%(unit)s” has no logo of its own.") % {"unit": unit.name})
    write_act(REMOVE, by=by, subject_type="unit", subject_id=unit.pk)
