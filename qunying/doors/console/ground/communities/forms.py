"""Shapes of what people type about communities and groups; the verbs judge what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunying.ground.groups.models import Community, Group
from qunying.ground.platforms.names import platforms
from qunying.ground.units.models import Unit

if TYPE_CHECKING:
    from django.db.models import QuerySet

COMMUNITY_KINDS = [
    (Community.Kind.CUSTOMER, _("Customers")),
    (Community.Kind.PRODUCT, _("Around a product")),
    (Community.Kind.INDUSTRY, _("Exchange in a trade")),
]
GROUP_KINDS = [
    (Group.Kind.CORE, _("Core users")),
    (Group.Kind.PROSPECTIVE, _("Prospective users")),
    (Group.Kind.GENERAL, pgettext_lazy("kind of group", "Everyone")),
]
CURRENCIES = ("CNY", "HKD", "TWD", "MOP", "USD", "EUR", "GBP", "JPY", "KRW", "SGD", "AUD", "CAD")


if TYPE_CHECKING:
    _ModelChoice = forms.ModelChoiceField[Unit]
else:
    _ModelChoice = forms.ModelChoiceField  # knows its model only to the type checker


class UnitChoice(_ModelChoice):
    """Units drawn as the tree they are."""

    def label_from_instance(self, obj: Unit) -> str:
        """The name, moved to the right by its depth."""
        return f"{'　' * obj.depth}{obj.name}"


class CommunityForm(forms.Form):
    """What may change of a community."""

    name = forms.CharField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(label=_("What holds it together"), choices=COMMUNITY_KINDS)
    unit = UnitChoice(label=_("Unit"), queryset=Unit.objects.none(), empty_label=None)
    timezone = forms.ChoiceField(
        label=_("Time zone"),
        choices=[(name, name) for name in sorted(available_timezones())],
        initial="Asia/Shanghai",
        help_text=_("Days are counted in it; it stays once there are facts."),
    )
    introduction = forms.CharField(
        label=_("Introduction"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Theme and core value in a few sentences."),
    )
    field_order = ("name", "slug", "kind", "unit", "timezone", "currency", "introduction")

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units.order_by("path")  # type: ignore[attr-defined]


class NewCommunityForm(CommunityForm):
    """With what stays for good."""

    slug = forms.CharField(
        label=_("Short name"),
        max_length=60,
        help_text=_("Stands in addresses and on the command line, such as flower-shop."),
    )
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(code, code) for code in CURRENCIES], help_text=_("It cannot be changed later.")
    )


class GroupForm(forms.Form):
    """What may change of a group."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("As on the platform: imports find the group by its name.")
    )
    kind = forms.ChoiceField(label=_("For whom"), choices=GROUP_KINDS, initial=Group.Kind.GENERAL)
    capacity = forms.IntegerField(
        label=_("Capacity"), initial=150, min_value=1, help_text=_("You are warned from 90% on.")
    )
    announcement = forms.CharField(
        label=_("Announcement"), required=False, max_length=2000, widget=forms.Textarea({"rows": 4})
    )
    field_order = ("name", "platform", "kind", "capacity", "announcement")


class NewGroupForm(GroupForm):
    """With the platform, which stays."""

    platform = forms.ChoiceField(label=_("Platform"), choices=lambda: list(platforms().items()))
