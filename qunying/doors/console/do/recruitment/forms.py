"""Shapes of what people type about channels and pictures; the verbs judge what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qunying.do.recruitment.models import Channel, ChannelCost
from qunying.do.recruitment.services import About
from qunying.doors.console.do.recruitment.words import KINDS
from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.kit.money import to_minor

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.units.models import Unit

_DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class ChannelForm(forms.Form):
    """What may change of a channel."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=Channel.NAME_LENGTH,
        help_text=gettext_lazy("As your team calls it, such as “Flyer at the till”."),
    )
    kind = forms.ChoiceField(label=pgettext_lazy("channel", "Kind"), choices=list(KINDS.items()))
    wanted = forms.CharField(
        label=gettext_lazy("Who is wanted"),
        required=False,
        max_length=Channel.WANTED_LENGTH,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Whoever opens the link reads it, too: for whom the group is, and what it is about."),
    )

    def about(self) -> About:
        """What the form says, for the verbs."""
        given = self.cleaned_data
        return About(given["name"], given["kind"], given["wanted"])


class NewChannelForm(ChannelForm):
    """With what stays for good."""

    key = forms.CharField(
        label=gettext_lazy("Key"),
        required=False,
        max_length=Channel.KEY_LENGTH,
        help_text=gettext_lazy(
            "What platforms and files call this channel; the name, where you leave it empty. It stays."
        ),
    )
    place = forms.ChoiceField(label=pgettext_lazy("channel", "Serves"), required=False)
    field_order = ("name", "kind", "wanted", "place", "key")

    def __init__(self, *args: Any, community: Community, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.community = community
        line = [int(part) for part in community.unit.path.split("/") if part]
        units = units_for(staff, Permission.EDIT_CHANNELS).filter(pk__in=line).order_by("-path")
        self.units = {str(unit.pk): unit for unit in units}
        every = [(pk, _("Every community of “%(unit)s”") % {"unit": unit.name}) for pk, unit in self.units.items()]
        self.fields["place"].choices = [("", _("Only “%(name)s”") % {"name": community.name}), *every]  # type: ignore[attr-defined]
        self.fields["place"].widget.always_says = True

    def place_chosen(self) -> Community | Unit:
        """The community, or the unit all of whose communities it serves."""
        return self.units.get(self.cleaned_data["place"], self.community)


class CostForm(forms.Form):
    """What a channel cost."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=_DAY)
    amount = forms.CharField(label=pgettext_lazy("money", "Amount"), max_length=20)
    note = forms.CharField(label=gettext_lazy("For what"), required=False, max_length=ChannelCost.NOTE_LENGTH)

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.community = community
        self.fields["day"].initial = timezone.localdate(timezone=ZoneInfo(community.timezone))

    def clean_amount(self) -> int:
        """The amount in minor units of the community's currency."""
        try:
            return to_minor(self.cleaned_data["amount"].strip(), self.community.currency)
        except ValueError:
            raise forms.ValidationError(_("This is no amount. Write it such as 320 or 99.50.")) from None


class PictureForm(forms.Form):
    """A group's picture for joining."""

    picture = forms.FileField(label=gettext_lazy("The group's code, as a picture"))
    until = forms.DateField(label=gettext_lazy("Valid before"), required=False, widget=_DAY)
    people = forms.IntegerField(label=gettext_lazy("People in the group now"), required=False, min_value=0)
