"""Shapes of what people type about content; the verbs judge what it means."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunying.doors.console.plan.content.words import FORMS, SOURCES
from qunying.plan.content.forms import ADDRESS, HOST, LENGTH, MOST_ADDRESS, MOST_HOST, STARTS
from qunying.plan.content.models import Entry, Form
from qunying.plan.content.queries import newest_version, themes_of
from qunying.plan.content.rules import may_own
from qunying.plan.content.services import MOST_WORDS, Draft, Planned
from qunying.plan.schedule.queries import people_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.groups.models import Community
    from qunying.plan.content.models import Version
    from qunying.plan.content.services import Shown
    from qunying.plan.materials.models import Material

_DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
_TIME = forms.TimeInput({"type": "time"}, format="%H:%M")
_A_DAY = timedelta(days=1)
_NOBODY = ("", _("Nobody yet"))
_NO_THEME = ("", _("No theme"))
_PLAYED = (Form.VIDEO, Form.AUDIO)
_WANTING: dict[str, tuple[str, ...]] = {
    "material": (*_PLAYED, Form.H5),
    "address": (*_PLAYED, Form.LIVE, Form.H5),
    "length": _PLAYED,
    "starts_day": (Form.LIVE,),
    "starts_time": (Form.LIVE,),
    "host": (Form.LIVE,),
}
"""Field → the forms that ask for it; a script shows it for those alone."""


class PlanForm(forms.Form):
    """When, where, whose and what about an entry is."""

    theme = forms.ChoiceField(label=_("Theme"), required=False)
    owner = forms.ChoiceField(label=pgettext_lazy("goal", "Owner"), required=False)
    slot_day = forms.DateField(label=_("Goes out on"), required=False, widget=_DAY)
    slot_time = forms.TimeField(label=_("at"), required=False, widget=_TIME)
    due = forms.DateField(
        label=_("To be approved by"),
        required=False,
        widget=_DAY,
        help_text=_("Left empty: the day before it goes out."),
    )
    groups = forms.MultipleChoiceField(
        label=_("Groups"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: every group of the community."),
    )
    source = forms.ChoiceField(label=_("Comes from"), choices=list(SOURCES.items()), initial=Entry.Source.OWN)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Only the team reads it."),
    )

    def __init__(self, *args: Any, community: Community, entry: Entry | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entry = entry
        self.themes = {str(one.pk): one for one in themes_of(community)}
        if entry is not None and entry.theme is not None:
            self.themes.setdefault(str(entry.theme.pk), entry.theme)
        self.people = {str(one.pk): one for one in people_for(community.unit) if may_own(one, community)}
        self.places = {str(one.pk): one for one in community.groups.all()}
        self._choices("theme", [_NO_THEME, *((pk, one.label) for pk, one in self.themes.items())])
        self._choices("owner", [_NOBODY, *((pk, one.name) for pk, one in self.people.items())])
        self._choices("groups", [(pk, one.name) for pk, one in self.places.items()])
        if not self.places:
            del self.fields["groups"]

    def _choices(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def planned(self) -> Planned:
        """What the form says, for the verbs."""
        given = self.cleaned_data
        return Planned(
            theme=self.themes.get(given["theme"]),
            owner=self.people.get(given["owner"]),
            owner_role=self.entry.owner_role if self.entry else "",
            due=given["due"] or (given["slot_day"] and given["slot_day"] - _A_DAY),
            slot_day=given["slot_day"],
            slot_time=given["slot_time"],
            groups=tuple(self.places[pk] for pk in given.get("groups", [])),
            source=given["source"],
            note=given["note"],
        )


class TopicForm(PlanForm):
    """A new topic."""

    title = forms.CharField(
        label=_("What it is about"), max_length=Entry.TITLE_LENGTH, help_text=_("In a few words; it can change later.")
    )
    form = forms.ChoiceField(label=pgettext_lazy("of content", "Form"), choices=list(FORMS.items()))
    field_order = ("title", "form", "theme", "owner", "slot_day", "slot_time", "due", "groups", "source", "note")


def plan_initial(entry: Entry) -> dict[str, object]:
    """What the plan of an entry says, for its form."""
    return {
        "theme": str(entry.theme_id or ""),
        "owner": str(entry.owner_id or ""),
        "slot_day": entry.slot_day,
        "slot_time": entry.slot_time,
        "due": entry.due,
        "groups": [str(pk) for pk in entry.groups.values_list("pk", flat=True)],
        "source": entry.source,
        "note": entry.note,
    }


class DraftForm(forms.Form):
    """What is to be shown; its pictures stand beside it."""

    title = forms.CharField(label=pgettext_lazy("of content", "Title"), max_length=Entry.TITLE_LENGTH)
    form = forms.ChoiceField(label=pgettext_lazy("of content", "Form"), choices=list(FORMS.items()), initial=Form.TEXT)
    words = forms.CharField(
        label=pgettext_lazy("of content", "Words"),
        required=False,
        max_length=MOST_WORDS,
        strip=False,
        widget=forms.Textarea({"rows": 12}),
    )
    links = forms.CharField(
        label=_("Links"),
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("One on each line: the film, the live room, the page, what is for sale."),
    )
    quotes = forms.CharField(
        label=_("Quotations"),
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("One on each line: the words, then |, then whose they are and by what right you use them."),
    )
    material = forms.ChoiceField(label=_("From the library"), required=False)
    address = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=MOST_ADDRESS,
        help_text=_("Where it is seen or heard, where it does not come from the library."),
    )
    length = forms.CharField(label=_("Length"), required=False, max_length=6, help_text=_("Minutes and seconds: 2:30"))
    starts_day = forms.DateField(label=_("Live on"), required=False, widget=_DAY)
    starts_time = forms.TimeField(label=_("at"), required=False, widget=_TIME)
    host = forms.CharField(label=_("Who is live"), required=False, max_length=MOST_HOST)
    ai_made = forms.BooleanField(label=_("A machine has written or drawn some of it"), required=False)
    field_order = (
        "title",
        "form",
        "material",
        "address",
        "length",
        "starts_day",
        "starts_time",
        "host",
        "words",
        "links",
        "quotes",
        "ai_made",
    )

    def __init__(self, *args: Any, entry: Entry, materials: Iterable[Material] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.materials = {str(one.pk): one for one in materials}
        kept = newest_version(entry)
        if kept is not None and kept.material is not None:
            self.materials.setdefault(str(kept.material.pk), kept.material)
        choices = [(pk, f"{one.get_kind_display()} · {one.name}") for pk, one in self.materials.items()]
        self.fields["material"].choices = [("", _("Nothing from the library")), *choices]  # type: ignore[attr-defined]
        for name, wanting in _WANTING.items():
            self.fields[name].widget.attrs["data-forms"] = " ".join(wanting)

    def clean(self) -> dict[str, Any]:
        """A live room has both a day and a time, or neither yet."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("form") == Form.LIVE and bool(given.get("starts_day")) != bool(given.get("starts_time")):
            self.add_error("starts_day", _("Say on which day and at what time it begins."))
        return given

    def _details(self) -> dict[str, str]:
        given = self.cleaned_data
        day, at = given["starts_day"], given["starts_time"]
        starts = f"{day.isoformat()}T{at:%H:%M}" if day and at else ""
        return {ADDRESS: given["address"], LENGTH: given["length"], STARTS: starts, HOST: given["host"]}

    def draft(self, pictures: tuple[Shown, ...]) -> Draft:
        """What the form says, for the verb."""
        given = self.cleaned_data
        return Draft(
            title=given["title"],
            form=given["form"],
            words=given["words"],
            links=tuple(given["links"].splitlines()),
            quotes=tuple(_quote(line) for line in given["quotes"].splitlines() if line.strip()),
            ai_made=given["ai_made"],
            pictures=pictures,
            details=self._details(),
            material=self.materials.get(given["material"]) if given["form"] in _WANTING["material"] else None,
        )


def _quote(line: str) -> dict[str, str]:
    words, _bar, licence = line.replace("｜", "|").rpartition("|") if "|" in line.replace("｜", "|") else (line, "", "")
    return {"words": words.strip(), "licence": licence.strip()}


def draft_initial(entry: Entry, version: Version | None) -> dict[str, object]:
    """What an entry says now, for its form."""
    if version is None:
        return {"title": entry.title, "form": entry.form}
    return {
        "title": version.title,
        "form": version.form,
        "words": version.words,
        "links": "\n".join(version.links),
        "quotes": "\n".join(f"{one['words']} | {one['licence']}" for one in version.quotes),
        "ai_made": version.ai_made,
        "material": str(version.material_id or ""),
        **{name: version.details.get(name, "") for name in (ADDRESS, LENGTH, HOST)},
        "starts_day": version.details.get(STARTS, "").partition("T")[0],
        "starts_time": version.details.get(STARTS, "").partition("T")[2],
    }
