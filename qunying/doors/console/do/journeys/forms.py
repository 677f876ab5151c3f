"""The fields of each kind of step, from the plain form to the page and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qunying.do.journeys.definition import (
    DATE,
    END,
    EVENT,
    GO_ON,
    GROUP,
    JOINED,
    PERSON,
    SEGMENT_ENTERED,
    WAIT,
    Again,
    Branch,
    End,
    Say,
    Tag,
    Task,
    Until,
    Wait,
    Welcome,
)
from qunying.do.journeys.models import Journey
from qunying.do.journeys.reading import (
    MOST_DAYS,
    MOST_ROUNDS,
    NOTE_LENGTH,
    TITLE_LENGTH,
    WORDS_LENGTH,
    event_kinds,
)
from qunying.doors.console.do.journeys.words import TRIGGERS
from qunying.ground.access.roles import ROLES
from qunying.plan.schedule.days import RULES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.doors.console.do.journeys.words import Book

Choices = list[tuple[Any, Any]]
EMPTY, SHIPPED = "empty", "welcome"


def _number(label: Any, *, low: int, high: int, initial: int) -> forms.IntegerField:
    widget = forms.NumberInput({"class": "form-control flow-number"})
    return forms.IntegerField(label=label, min_value=low, max_value=high, initial=initial, widget=widget)


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows, "class": "form-control"})


def _tick() -> forms.CheckboxInput:
    return forms.CheckboxInput({"class": "form-check-input"})


class NewForm(forms.Form):
    """A journey before its first step."""

    name = forms.CharField(label=gettext_lazy("Name of the journey"), max_length=Journey.NAME_LENGTH)


class StepForm(forms.Form):
    """What every kind of step has in common: `plain` is what was filled in as a definition holds it."""

    do = ""

    def plain(self) -> dict[str, Any]:
        """The step as it was filled in, without its id and its ways on."""
        filled = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        return {"do": self.do} | filled


class WelcomeForm(StepForm):
    """Words for somebody who just came."""

    do = Welcome.do
    words = forms.CharField(
        label=pgettext_lazy("journey", "Words"),
        max_length=WORDS_LENGTH,
        widget=_text(5),
        help_text=gettext_lazy("{name} becomes the name of the member, {group} that of the group."),
    )
    if_held = forms.ChoiceField(
        label=gettext_lazy("Where they cannot leave"),
        initial=GO_ON,
        choices=[
            (GO_ON, gettext_lazy("go on with the next step")),
            (WAIT, gettext_lazy("wait until they have left")),
            (END, gettext_lazy("end the journey")),
        ],
    )


class SayForm(WelcomeForm):
    """Words for the member or for their group."""

    do = Say.do
    field_order = ("to", "words", "advert", "if_held")
    to = forms.ChoiceField(
        label=pgettext_lazy("journey", "To"),
        initial=PERSON,
        choices=[(PERSON, gettext_lazy("the member alone")), (GROUP, gettext_lazy("the group they came into"))],
    )
    advert = forms.BooleanField(label=gettext_lazy("This is an advert"), required=False, widget=_tick())


class WaitForm(StepForm):
    """How long, until when."""

    do = Wait.do
    days = _number(pgettext_lazy("journey", "Days"), low=0, high=MOST_DAYS, initial=1)
    hours = _number(pgettext_lazy("journey", "Hours"), low=0, high=23, initial=0)
    at = forms.TimeField(
        label=gettext_lazy("Then until"),
        required=False,
        widget=forms.TimeInput({"type": "time", "class": "form-control"}, format="%H:%M"),
    )
    on = forms.ChoiceField(
        label=gettext_lazy("Then until a day"),
        required=False,
        choices=[("", gettext_lazy("any day")), *RULES.items()],
    )

    def plain(self) -> dict[str, Any]:
        """The time as the definition holds it."""
        found = super().plain()
        return found | ({"at": f"{found['at']:%H:%M}"} if "at" in found else {})


class BranchForm(StepForm):
    """A question; what it asks stands in rows of conditions beside the form."""

    do = Branch.do


class UntilForm(StepForm):
    """Something to wait for, and how long at most; what it is stands in rows of conditions."""

    do = Until.do
    days = _number(gettext_lazy("At most so many days"), low=1, high=MOST_DAYS, initial=3)


class TagForm(StepForm):
    """A tag to give or to take away."""

    do = Tag.do
    dimension = forms.CharField(
        label=gettext_lazy("Kind of tag"),
        max_length=60,
        widget=forms.TextInput({"list": "tag-dimensions", "class": "form-control"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Tag"),
        max_length=80,
        widget=forms.TextInput({"list": "tag-names", "class": "form-control"}),
    )
    remove = forms.BooleanField(label=gettext_lazy("Take it away instead"), required=False, widget=_tick())


class TaskForm(StepForm):
    """A piece of work for a colleague."""

    do = Task.do
    title = forms.CharField(label=gettext_lazy("What is to be done"), max_length=TITLE_LENGTH)
    note = forms.CharField(label=gettext_lazy("How"), max_length=NOTE_LENGTH, required=False, widget=_text(2))
    days = _number(gettext_lazy("Due within so many days"), low=0, high=MOST_DAYS, initial=1)
    role = forms.ChoiceField(
        label=pgettext_lazy("journey", "For whom"),
        required=False,
        choices=[("", gettext_lazy("anybody in the team")), *((name, one[0]) for name, one in ROLES.items())],
    )


class AgainForm(StepForm):
    """Back to a step before."""

    do = Again.do
    to = forms.ChoiceField(label=gettext_lazy("Back to"))
    most = _number(gettext_lazy("At most so many times"), low=1, high=MOST_ROUNDS, initial=1)


class EndForm(StepForm):
    """Nothing more to say."""

    do = End.do


class AskedForm(StepForm):
    """A condition alone: for whom, the goal, the ways out."""


class StartForm(StepForm):
    """What sets a journey off."""

    on = forms.ChoiceField(label=gettext_lazy("It begins when"), choices=list(TRIGGERS.items()), initial=JOINED)
    kind = forms.ChoiceField(label=gettext_lazy("What they do"), required=False)
    segment = forms.TypedChoiceField(label=gettext_lazy("Segment"), required=False, coerce=int, empty_value=None)
    dimension = forms.CharField(
        label=gettext_lazy("Kind of tag that holds the day"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"list": "tag-dimensions", "class": "form-control"}),
        help_text=gettext_lazy("Such as birthday, with tags such as 05-23."),
    )
    days = forms.CharField(
        label=gettext_lazy("Or these days"),
        required=False,
        help_text=gettext_lazy("02-14 comes every year, 2027-02-06 once. Put a space between several."),
    )
    at = forms.TimeField(
        label=gettext_lazy("At what time"),
        required=False,
        widget=forms.TimeInput({"type": "time", "class": "form-control"}, format="%H:%M"),
    )
    groups = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Only in these groups"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
    )
    again = _number(gettext_lazy("Again after so many days (0: never)"), low=0, high=MOST_DAYS, initial=0)

    def __init__(self, *args: Any, groups: Choices, segments: Choices, book: Book, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Choices] = {
            "groups": groups,
            "segment": [("", "—"), *segments],
            "kind": [(name, book.kinds.get(name, name)) for name in event_kinds()],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]

    def trigger(self) -> dict[str, Any]:
        """What sets it off, as the definition holds it."""
        said = self.cleaned_data
        on = said["on"]
        if on == DATE:
            at = f"{said['at']:%H:%M}" if said["at"] else ""
            days = said["days"].replace("，", " ").replace(",", " ").replace("、", " ").split()
            return {"on": on, "dimension": said["dimension"], "days": days, "at": at}
        if on == SEGMENT_ENTERED:
            return {"on": on, "segment": said["segment"]}
        kind = {"kind": said["kind"]} if on == EVENT else {}
        return {"on": on, "groups": said["groups"]} | kind if on in {JOINED, EVENT} else {"on": on}


STEP_FORMS: dict[str, type[StepForm]] = {
    one.do: one
    for one in (SayForm, WaitForm, UntilForm, BranchForm, WelcomeForm, TagForm, TaskForm, AgainForm, EndForm)
}


def typed_start(plain: dict[str, Any]) -> dict[str, Any]:
    """What sets a journey off, as the form shows it."""
    trigger: dict[str, Any] = plain.get("trigger", {})
    return trigger | {"days": " ".join(trigger.get("days", ())), "again": plain.get("again", 0)}


def back_choices(titles: Sequence[tuple[str, str]]) -> Choices:
    """The steps one may lead back to, in their order, each with its number."""
    return [(name, _("%(n)d. %(title)s") % {"n": n, "title": title}) for n, (name, title) in enumerate(titles, 1)]
