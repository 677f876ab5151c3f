"""The form of an account, drawn from the settings its connector asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qunying.doors.console.ground.organisation.forms import unit_field
from qunying.ground.platforms.models import Account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet
    from django.forms import BoundField

    from qunying.ground.platforms.port import Connector, Setting
    from qunying.ground.units.models import Unit

_MARK = "setting_"


class AccountForm(forms.Form):
    """Name, unit (of a new account), and every setting of the connector; secrets are never filled in."""

    name = forms.CharField(label=_("Name"), max_length=Account.NAME_LENGTH)

    def __init__(
        self,
        *args: Any,
        connector: Connector,
        units: QuerySet[Unit] | None,
        account: Account | None = None,
        **kwargs: Any,
    ) -> None:
        plain = account.settings if account else {}
        initial = {"name": account.name if account else ""} | {_MARK + name: plain[name] for name in plain}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.connector = connector
        if units is not None:
            self.fields["unit"] = unit_field(_("Unit"), units)
        for one in connector.settings:
            kept = one.secret and account is not None
            self.fields[_MARK + one.name] = forms.CharField(
                label=one.label, required=one.required and not kept, max_length=500
            )

    def drawn(self) -> Iterator[tuple[Setting, BoundField]]:
        """Every setting with its field."""
        for one in self.connector.settings:
            yield one, self[_MARK + one.name]

    @property
    def given(self) -> dict[str, str]:
        """What was typed, by the names of the settings."""
        return {one.name: self.cleaned_data.get(_MARK + one.name, "") for one in self.connector.settings}
