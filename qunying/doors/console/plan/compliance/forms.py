"""What the pages on word lists ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qunying.doors.console.ground.organisation.forms import unit_field
from qunying.ground.access.queries import holds_everywhere, units_for
from qunying.ground.access.roles import Permission
from qunying.plan.compliance.models import Word, WordList

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.units.models import Unit

_EVERYONE = "0"


class ListForm(forms.Form):
    """What a list is called, why its words are watched, and what follows where one is found."""

    name = forms.CharField(label=_("Name"), max_length=WordList.NAME_LENGTH)
    kind = forms.ChoiceField(label=_("Kind"), choices=WordList.Kind.choices)
    severity = forms.ChoiceField(label=_("Where one is found"), choices=WordList.Severity.choices)


class NewListForm(ListForm):
    """The same, and whom it holds for."""

    def __init__(self, *args: Any, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = units_for(staff, Permission.EDIT_RULES)
        choices = list(unit_field(_("Holds for"), self._units).choices)  # type: ignore[arg-type]
        if holds_everywhere(staff, Permission.EDIT_RULES):
            choices.insert(0, (_EVERYONE, _("Everyone")))
        self.fields["unit"] = forms.ChoiceField(
            label=_("Holds for"), choices=choices, initial=choices[0][0] if choices else None
        )

    def unit(self) -> Unit | None:
        """The unit that was chosen; None for everyone."""
        chosen = self.cleaned_data["unit"]
        return None if chosen == _EVERYONE else self._units.get(pk=chosen)


class WordForm(forms.Form):
    """A word with what belongs to it; exceptions stand one a line."""

    word = forms.CharField(label=_("Word"), max_length=Word.LENGTH)
    reason = forms.CharField(label=_("Why"), max_length=Word.REASON_LENGTH, required=False)
    instead = forms.CharField(label=_("Write instead"), max_length=Word.INSTEAD_LENGTH, required=False)
    exceptions = forms.CharField(label=_("Exceptions"), max_length=5000, required=False)
