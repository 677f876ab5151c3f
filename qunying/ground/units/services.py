"""Verbs on the organisation tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.units.models import Unit

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor

CREATE = declare_verb("units.create", _("A unit was made."))


@transaction.atomic
def create_unit(name: str, *, parent: Unit | None = None, by: Actor) -> Unit:
    """Make a unit under `parent`, or a root."""
    unit = Unit.objects.create(name=name, parent=parent, path=f"new/{name}/")
    unit.path = f"{parent.path if parent else ''}{unit.pk}/"
    unit.save(update_fields=["path"])
    write_act(CREATE, by=by, subject_type="unit", subject_id=unit.pk, details={"parent": parent and parent.pk})
    return unit
