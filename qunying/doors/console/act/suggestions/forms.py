"""What people decide about a suggestion."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from qunying.act.suggestions.models import Suggestion
from qunying.doors.console.today.forms import ChangeForm
from qunying.plan.schedule.models import WorkItem


class AcceptForm(ChangeForm):
    """What is to be done about it, by whom, until when."""

    title = forms.CharField(label=_("What is to be done?"), max_length=WorkItem.TITLE_LENGTH)
    field_order = ("title", "owner", "due")


class DismissForm(forms.Form):
    """Why it is left."""

    reason = forms.CharField(label=_("Why not?"), max_length=Suggestion.REASON_LENGTH)
