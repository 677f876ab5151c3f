"""Verbs on the organisation tree."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import transaction
from django.db.models import ProtectedError, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.units.models import MAX_LEVELS, Unit
from qunying.ground.units.queries import subtree
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor

CREATE = declare_verb("units.create", _("A unit was made."))
RENAME = declare_verb("units.rename", _("A unit was renamed."))
MOVE = declare_verb("units.move", _("A unit was moved to another place in the tree."))
REMOVE = declare_verb("units.remove", _("A unit was removed."))


@transaction.atomic
def create_unit(name: str, *, parent: Unit | None = None, by: Actor) -> Unit:
    """Make a unit under `parent`, or a root; its name is new among its neighbours."""
    above = Unit.objects.select_for_update().get(pk=parent.pk) if parent else None
    name = _checked_name(name, parent=above)
    _check_levels((above.depth + 1 if above else 0) + 1)
    unit = Unit.objects.create(name=name, parent=above, path=f"new/{uuid4().hex}/")
    unit.path = f"{above.path if above else ''}{unit.pk}/"
    unit.save(update_fields=["path"])
    write_act(CREATE, by=by, subject_type="unit", subject_id=unit.pk, details={"parent": above and above.pk})
    return unit


@transaction.atomic
def rename_unit(unit: Unit, *, name: str, by: Actor) -> Unit:
    """Give a unit another name; the same name again changes nothing."""
    unit = _locked(unit)
    if name.strip() == unit.name:
        return unit
    unit.name = _checked_name(name, parent=unit.parent)
    unit.save(update_fields=["name"])
    write_act(RENAME, by=by, subject_type="unit", subject_id=unit.pk)
    return unit


@transaction.atomic
def move_unit(unit: Unit, *, parent: Unit, by: Actor) -> Unit:
    """Hang a unit, with everything below it, under another one; every path below is rewritten."""
    _lock_tree()
    unit = Unit.objects.get(pk=unit.pk)
    parent = Unit.objects.get(pk=parent.pk)
    if unit.parent_id == parent.pk:
        return unit
    _check_move(unit, parent)
    before, old_parent = unit.path, unit.parent_id
    after = f"{parent.path}{unit.pk}/"
    subtree(unit).update(path=Concat(Value(after), Substr("path", len(before) + 1)))
    unit.parent = parent
    unit.path = after
    unit.save(update_fields=["parent"])
    write_act(MOVE, by=by, subject_type="unit", subject_id=unit.pk, details={"from": old_parent, "to": parent.pk})
    return unit


@transaction.atomic
def remove_unit(unit: Unit, *, by: Actor) -> None:
    """Take an empty unit out of the tree; refused while anything hangs on it."""
    unit = _locked(unit)
    if unit.children.exists():
        raise QunyingError(_("“%(unit)s” still has units below it. Move or remove those first.") % {"unit": unit.name})
    number = unit.pk
    try:
        unit.delete()
    except ProtectedError as error:
        raise QunyingError(
            _("“%(unit)s” still has communities or roles of staff. Move the communities and take the roles back first.")
            % {"unit": unit.name}
        ) from error
    write_act(REMOVE, by=by, subject_type="unit", subject_id=number)


def _locked(unit: Unit) -> Unit:
    return Unit.objects.select_for_update().get(pk=unit.pk)


def _lock_tree() -> None:
    """Two moves at once could close a circle, so a move holds every row; trees are small."""
    list(Unit.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


def _checked_name(name: str, *, parent: Unit | None) -> str:
    name = name.strip()
    if not name:
        raise QunyingError(_("A unit needs a name."))
    if len(name) > Unit.NAME_LENGTH:
        raise QunyingError(_("The name is longer than %(most)s characters. Shorten it.") % {"most": Unit.NAME_LENGTH})
    if Unit.objects.filter(parent=parent, name=name).exists():
        raise QunyingError(_("There is a unit “%(unit)s” in this place already. Choose another name.") % {"unit": name})
    return name


def _check_levels(levels: int) -> None:
    if levels > MAX_LEVELS:
        raise QunyingError(
            _("The tree would have more than %(most)s levels. Choose a place higher up.") % {"most": MAX_LEVELS}
        )


def _check_move(unit: Unit, parent: Unit) -> None:
    if parent.path.startswith(unit.path):
        raise QunyingError(_("“%(unit)s” cannot hang below itself. Choose a place outside it.") % {"unit": unit.name})
    if Unit.objects.filter(parent=parent, name=unit.name).exists():
        raise QunyingError(
            _("There is a unit “%(unit)s” in this place already. Choose another name.") % {"unit": unit.name}
        )
    deepest = max(below.depth for below in subtree(unit))
    _check_levels(parent.depth + 1 + deepest - unit.depth + 1)
