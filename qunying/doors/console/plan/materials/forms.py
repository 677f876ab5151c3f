"""Shapes of what people type about materials and scripts; the verbs judge what it means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunying.plan.materials.models import Material, Script
from qunying.plan.materials.queries import folders_in
from qunying.plan.materials.services import MOST_WORDS, About, Body
from qunying.plan.materials.services_scripts import Said

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

_DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
_MARKS = re.compile(r"[,，、;；\n]+")
_TYPED = (Material.Kind.LINK, Material.Kind.CARD, Material.Kind.TEXT)


class AboutForm(forms.Form):
    """What is known about a material beside its contents."""

    name = forms.CharField(label=_("Name"), max_length=Material.NAME_LENGTH)
    folder = forms.ChoiceField(label=_("Folder"), required=False)
    tags = forms.CharField(label=_("Tags"), required=False, max_length=500, help_text=_("With commas between them."))
    licence = forms.ChoiceField(label=_("By what right it is used"), choices=Material.Licence.choices, required=False)
    source = forms.CharField(
        label=_("Where it is from"),
        required=False,
        max_length=Material.SOURCE_LENGTH,
        help_text=_("Who made it, where the permission lies, the order number of what was bought."),
    )
    licence_until = forms.DateField(label=_("The right ends after"), required=False, widget=_DAY)
    valid_from = forms.DateField(label=_("Holds from"), required=False, widget=_DAY)
    valid_until = forms.DateField(
        label=_("Holds until"),
        required=False,
        widget=_DAY,
        help_text=_("For prices, offers and dates that pass: afterwards nothing new can be made with it."),
    )

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(one.pk): (one, depth) for one, depth in folders_in(community)}
        choices = [(pk, "\u2003" * depth + one.name) for pk, (one, depth) in self.places.items()]
        self.fields["folder"].choices = [("", _("In no folder")), *choices]  # type: ignore[attr-defined]

    def about(self) -> About:
        """What the form says, for the verbs."""
        given = self.cleaned_data
        return About(
            name=given["name"],
            folder=self.places[given["folder"]][0] if given["folder"] else None,
            tags=tuple(tag for part in _MARKS.split(given["tags"]) if (tag := part.strip())),
            licence=given["licence"],
            source=given["source"],
            licence_until=given["licence_until"],
            valid_from=given["valid_from"],
            valid_until=given["valid_until"],
        )


class TypedForm(AboutForm):
    """A material without a file: a link, a card or words."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(kind.value, kind.label) for kind in _TYPED], initial=Material.Kind.LINK
    )
    address = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=Material.ADDRESS_LENGTH,
        help_text=_("For a link or a web page: https://…; for a mini program: its link, such as #小程序://…"),
    )
    words = forms.CharField(
        label=pgettext_lazy("of content", "Words"),
        required=False,
        max_length=MOST_WORDS,
        strip=False,
        widget=forms.Textarea({"rows": 6}),
    )
    shared = forms.BooleanField(label=_("Every community of this unit may use it"), required=False)
    field_order = ("kind", "name", "address", "words", "folder", "tags", "licence", "source", "licence_until")

    def body(self) -> Body:
        """The contents, for the verb."""
        given = self.cleaned_data
        return Body(given["kind"], address=given["address"].strip(), words=given["words"])


class ContentsForm(forms.Form):
    """New contents of a material without a file."""

    address = forms.CharField(label=_("Address"), required=False, max_length=Material.ADDRESS_LENGTH)
    words = forms.CharField(
        label=pgettext_lazy("of content", "Words"),
        required=False,
        max_length=MOST_WORDS,
        strip=False,
        widget=forms.Textarea({"rows": 6}),
    )


def about_initial(material: Material) -> dict[str, object]:
    """What is known about a material, for its form."""
    names = ("name", "licence", "source", "licence_until", "valid_from", "valid_until")
    tags = "，".join(material.tags.values_list("name", flat=True))
    folder = str(material.folder_id or "")
    return {name: getattr(material, name) for name in names} | {"folder": folder, "tags": tags}


class ScriptForm(forms.Form):
    """A script."""

    situation = forms.CharField(
        label=_("Situation"),
        max_length=Script.SITUATION_LENGTH,
        help_text=_("Greeting, question about prices, complaint… Scripts of one situation stand together."),
    )
    title = forms.CharField(label=pgettext_lazy("of a script", "Title"), max_length=Script.TITLE_LENGTH)
    words = forms.CharField(
        label=_("What is said"),
        max_length=Script.MOST_WORDS,
        strip=False,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Put braces around what is filled in each time: {称呼}, {商品}."),
    )

    def said(self) -> Said:
        """What the form says, for the verbs."""
        given = self.cleaned_data
        return Said(given["situation"], given["title"], given["words"])


class NewScriptForm(ScriptForm):
    """A new script, and who may say it."""

    shared = forms.BooleanField(label=_("Every community of this unit may use it"), required=False)
