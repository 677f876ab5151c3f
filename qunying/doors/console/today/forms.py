"""The shape of work as people type it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from qunying.ground.access.models import Staff
from qunying.ground.groups.models import Community
from qunying.plan.schedule.models import WorkItem

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

PRIORITIES = [
    (WorkItem.Priority.USUAL, _("As usual")),
    (WorkItem.Priority.URGENT, _("Urgent")),
    (WorkItem.Priority.LATER, _("When there is time")),
]


def day_field(label: _StrPromise) -> forms.DateField:
    """A day, with the picker of the device."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class WorkForm(forms.Form):
    """New work: what, where, who, until when."""

    title = forms.CharField(label=_("What is to be done?"), max_length=WorkItem.TITLE_LENGTH)
    community = forms.ModelChoiceField(label=_("Community"), queryset=Community.objects.none(), empty_label=None)
    owner = forms.ModelChoiceField(
        label=_("Whose is it?"), queryset=Staff.objects.none(), required=False, empty_label=_("The team's")
    )
    due = day_field(_("Due on"))
    priority = forms.TypedChoiceField(label=_("How urgent?"), choices=PRIORITIES, coerce=int)

    def __init__(
        self, *args: object, communities: QuerySet[Community], people: QuerySet[Staff], **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["community"].queryset = communities  # type: ignore[attr-defined]
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]


class ChangeForm(forms.Form):
    """Who has it, and until when."""

    owner = forms.ModelChoiceField(
        label=_("Whose is it?"), queryset=Staff.objects.none(), required=False, empty_label=_("The team's")
    )
    due = day_field(_("Due on"))

    def __init__(self, *args: object, people: QuerySet[Staff], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]
