"""What people decide about a suggestion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from qunying.act.suggestions.models import Suggestion
from qunying.doors.console.today.forms import day_field
from qunying.ground.access.models import Staff
from qunying.plan.schedule.models import WorkItem

if TYPE_CHECKING:
    from django.db.models import QuerySet


class AcceptForm(forms.Form):
    """What is to be done about it, by whom, until when."""

    title = forms.CharField(label=_("What is to be done?"), max_length=WorkItem.TITLE_LENGTH)
    owner = forms.ModelChoiceField(
        label=_("Whose is it?"), queryset=Staff.objects.none(), required=False, empty_label=_("The team's")
    )
    due = day_field(_("Due on"))

    def __init__(self, *args: object, people: QuerySet[Staff], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]


class DismissForm(forms.Form):
    """Why it is left."""

    reason = forms.CharField(label=_("Why not?"), max_length=Suggestion.REASON_LENGTH)
