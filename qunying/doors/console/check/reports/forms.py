"""Shapes of what people choose for a schedule; the verb judges what it means."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from qunying.check.reports.grains import GRAINS
from qunying.check.reports.services_schedules import FORM_NAMES, read_recipients


class ScheduleForm(forms.Form):
    """What a schedule makes, in which language, and for whom."""

    grain = forms.ChoiceField(label=_("Covers each"), choices=[(grain.value, name) for grain, name in GRAINS.items()])
    form = forms.ChoiceField(label=_("Format"), choices=list(FORM_NAMES.items()), initial="pdf")
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    recipients = forms.CharField(
        label=_("Send to"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        help_text=_(
            "E-mail addresses, with commas between them. Without any, the file is only kept here. "
            "Reports that are sent bear no names of members."
        ),
    )

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        for name in ("grain", "form", "language"):
            self.fields[name].widget.attrs["class"] = "form-select"

    def clean_recipients(self) -> list[str]:
        """The addresses one by one."""
        return read_recipients(self.cleaned_data["recipients"])
