"""What these pages ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunying.ground.access.models import Staff
from qunying.ground.units.models import Unit
from qunying.ground.units.queries import in_tree_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from qunying.ground.access.roles import RoleNow


def _drawn(units: QuerySet[Unit]) -> list[tuple[int, str]]:
    """The units as choices, each drawn below its parent."""
    ordered = in_tree_order(units)
    top = min((unit.depth for unit in ordered), default=0)
    return [(unit.pk, "\u2003" * (unit.depth - top) + unit.name) for unit in ordered]


def unit_field(label: _StrPromise, units: QuerySet[Unit]) -> forms.ModelChoiceField[Unit]:
    """A choice among these units, drawn as a tree."""
    field = forms.ModelChoiceField(label=label, queryset=units, empty_label=None)
    field.choices = _drawn(units)
    return field


def _role_field(roles: Iterable[RoleNow]) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Role"), choices=[(role.name, role.label) for role in roles])


class UnitForm(forms.Form):
    """A new unit: its name, and what it hangs below."""

    name = forms.CharField(label=_("Name"), max_length=Unit.NAME_LENGTH)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"] = unit_field(_("Below"), units)


class GrantForm(forms.Form):
    """A role in a unit."""

    def __init__(self, *args: Any, units: QuerySet[Unit], roles: Iterable[RoleNow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = _role_field(roles)
        self.fields["unit"] = unit_field(_("Unit"), units)


class PersonForm(GrantForm):
    """A new person: who they are, and the first role they hold."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=Staff.NAME_LENGTH)
    username = forms.CharField(label=_("Sign-in name"), max_length=60)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    password = forms.CharField(label=_("First password"), strip=False, max_length=200)
