"""Writing a journey: one step opened at a time, every change stored at once as its draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qunying.do.journeys.checking import look_over
from qunying.do.journeys.models import Journey
from qunying.do.journeys.queries import draft_of, get_journey_for, released_of
from qunying.do.journeys.reading import read_definition
from qunying.do.journeys.services import write_version
from qunying.doors.console.do.journeys.asking import NOTHING, USUAL, asked_in, changed, drawn
from qunying.doors.console.do.journeys.flow import BEGINNING, EXITS, GOAL, ONLY, Beside, flow_of
from qunying.doors.console.do.journeys.forms import (
    STEP_FORMS,
    AskedForm,
    StartForm,
    back_choices,
    typed_start,
)
from qunying.doors.console.do.journeys.plain import all_steps, lane_of, moved, put_in, step_named, taken_out, written
from qunying.doors.console.do.journeys.words import KINDS, book_of, title_of
from qunying.doors.console.people import check_may, staff_of
from qunying.ground.access.roles import Permission
from qunying.ground.members.models import Tag
from qunying.ground.segments.queries import segments_at
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qunying.do.journeys.models import Version
    from qunying.doors.console.do.journeys.forms import StepForm
    from qunying.doors.console.do.journeys.words import Book
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

    Plain = dict[str, Any]

_ASKS = {ONLY: "only_if", GOAL: "goal"}
_FORKS = frozenset({"until", "branch"})
_MOST_NAMES = 200


def writer_of(request: HttpRequest, pk: int) -> tuple[Staff, Journey]:
    """Who writes, and the journey; 403 for those who only read it."""
    staff = staff_of(request)
    journey = get_journey_for(staff, pk)
    refusal = _("Your roles do not include writing journeys here. Ask the lead of the unit.")
    check_may(staff, Permission.SEND, journey.community.unit, refusal=refusal)
    return staff, journey


def version_to_write(journey: Journey) -> Version:
    """The draft; without one, what is in force and is written on from."""
    version = draft_of(journey) or released_of(journey)
    if version is None:
        raise QunyingError(_("There is nothing left to write here. Make a new journey."))
    return version


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The flow with the means to change it; what a button asks for is stored, and the flow drawn anew."""
    staff, journey = writer_of(request, pk)
    if journey.state == Journey.State.ENDED:
        return redirect("journey", pk)
    desk = _Desk(request, journey, staff)
    if request.method == "POST" and desk.store():
        return redirect(reverse("journey_edit", args=[pk]) + desk.back)
    return render(request, "console/journeys/edit.html", desk.context(), status=400 if desk.refused else 200)


@require_POST
@login_required
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows of a condition after a change; part of a page."""
    _staff, journey = writer_of(request, pk)
    book = book_of(journey.community)
    plain = changed(asked_in(request.POST, usual=USUAL), request.POST.get("act", ""))
    context = drawn(plain, journey.community, book) | {"journey": journey}
    return render(request, "console/journeys/asked.html", context)


class _Desk:
    """What one request wants of the flow: a step opened or put in, or a change stored."""

    def __init__(self, request: HttpRequest, journey: Journey, staff: Staff) -> None:
        self.request, self.journey, self.staff = request, journey, staff
        self.community: Community = journey.community
        self.version = version_to_write(journey)
        self.plain: Plain = self.version.definition
        self.book: Book = book_of(self.community)
        self.opened, self.adding = request.GET.get("open", ""), request.GET.get("add", "")
        self.kind = request.GET.get("kind", "")
        self.refused, self.back = "", ""
        self.form: StepForm | None = None
        self.asked: Plain | None = None
        self._open()

    # --- what is open

    def _open(self) -> None:
        """The form of what is opened or put in, filled with what was posted or what stands there."""
        try:
            if self.opened in {BEGINNING, ONLY, GOAL, EXITS}:
                self._open_frame()
            elif self.opened:
                step = step_named(self.plain, self.opened)
                self.kind = step["do"]
                self._fill(step)
            elif self.adding:
                lane_of(self.plain, self.adding)
                if self.kind in STEP_FORMS:
                    self._fill({})
        except QunyingError as error:
            self.refused, self.opened, self.adding = str(error), "", ""

    def _fill(self, step: Plain) -> None:
        form = STEP_FORMS[self.kind]
        self.form = form(self._posted(), initial=step) if step else form(self._posted())
        if "to" in self.form.fields and self.kind == "again":
            self.form.fields["to"].choices = back_choices(self._before())  # type: ignore[attr-defined]
        if self.kind in _FORKS:
            self.asked = self._asked(step.get("if") or USUAL)

    def _open_frame(self) -> None:
        if self.opened == BEGINNING:
            groups = [(one.pk, one.name) for one in self.community.groups.order_by("pk")]
            segments = [(one.pk, one.name) for one in segments_at(self.staff, community=self.community, unit=None)]
            given = typed_start(self.plain)
            self.form = StartForm(self._posted(), initial=given, groups=groups, segments=segments, book=self.book)
            return
        self.form = AskedForm(self._posted())
        self.asked = self._asked(self._frame())

    def _frame(self) -> Plain:
        """The condition before the steps or behind them; several ways out are any of them."""
        if self.opened in _ASKS:
            return self.plain.get(_ASKS[self.opened]) or NOTHING
        exits = self.plain.get("exits") or []
        return exits[0] if len(exits) == 1 else {"all": False, "parts": exits}

    def _asked(self, stands: Plain) -> Plain:
        return asked_in(self.request.POST, usual=stands)

    def _posted(self) -> Any:
        # Buttons of rows, without a script, are no attempt to store.
        return self.request.POST if self.request.POST.get("act") == "save" else None

    def _before(self) -> list[tuple[str, str]]:
        """The steps to which one that is put in here may lead back: id and heading."""
        definition = read_definition(self.plain)
        titles = [(step.id, title_of(step)) for step in definition.all_steps()]
        if self.opened:
            names = [name for name, _title in titles]
            return titles[: names.index(self.opened)]
        lane, place = lane_of(self.plain, self.adding), int(self.adding.rsplit(".", 1)[-1])
        behind = {one["id"] for one in all_steps(lane[place:])}
        first = next((number for number, (name, _title) in enumerate(titles) if name in behind), len(titles))
        return titles[:first]

    # --- what is stored

    def store(self) -> bool:
        """Do what was posted; False where it is only drawn anew, or refused."""
        act = self.request.POST.get("act", "")
        if act not in {"save", "up", "down", "drop"}:
            self.asked = changed(self.asked or NOTHING, act) if self.asked is not None else None
            return False
        if self.request.POST.get("seen") != self.version.content_hash:
            self.refused = _("Somebody has changed this journey since you looked. What you see now is how it stands.")
            return False
        try:
            write_version(self.journey, definition=self._wanted(act), by=self.staff)
        except QunyingError as error:
            self._refuse(error)
            return False
        return not self.refused

    def _refuse(self, error: QunyingError) -> None:
        # A fault of one step is told in its form, without the name that the page does not show.
        words = str(error.__cause__ or error)
        self.refused = self.refused or words
        if self.form is not None and self.form.is_bound and not self.form.errors:
            self.form.add_error(None, words)

    def _wanted(self, act: str) -> Plain:
        name = self.request.POST.get("step", "")
        if act == "drop":
            return taken_out(self.plain, name)
        if act in {"up", "down"}:
            self.back = f"#step-{name}"
            return moved(self.plain, name, by=-1 if act == "up" else 1)
        if self.form is None or not self.form.is_valid():
            raise QunyingError(_("Something is missing. Look at the fields below."))
        return self._saved(self.form)

    def _saved(self, form: StepForm) -> Plain:
        if isinstance(form, StartForm):
            return self.plain | {"trigger": form.trigger(), "again": form.cleaned_data["again"]}
        if self.opened in _ASKS:
            return self.plain | {_ASKS[self.opened]: self._condition()}
        if self.opened == EXITS:
            wanted = self._condition()
            return self.plain | {"exits": [wanted] if wanted else []}
        step = form.plain() | ({"if": self.asked} if self.asked is not None else {})
        self.back = f"#step-{self.opened}" if self.opened else f"#at-{self.adding}"
        return written(self.plain, self.opened, step) if self.opened else put_in(self.plain, self.adding, step)

    def _condition(self) -> Plain | None:
        return self.asked if self.asked and self.asked["parts"] else None

    # --- what is shown

    def context(self) -> dict[str, Any]:
        """Everything the page wants."""
        definition = read_definition(self.plain)
        beside = Beside(problems=look_over(definition, community=self.community))
        asked = {"open": self.opened} if self.opened else {"add": self.adding, "kind": self.kind} if self.adding else {}
        return {
            "journey": self.journey,
            "community": self.community,
            "running": released_of(self.journey),
            "flow": flow_of(definition, self.book, beside),
            "editing": True,
            "seen": self.version.content_hash,
            "opened": self.opened,
            "adding": self.adding,
            "asked": urlencode(asked),
            "form": self.form,
            "form_title": str(KINDS[self.kind][0]) if self.kind in KINDS else "",
            "form_icon": KINDS[self.kind][1] if self.kind in KINDS else "",
            "kinds": [{"name": name, "label": label, "icon": icon} for name, (label, icon) in KINDS.items()],
            "refused": "" if self.form is not None and self.form.errors else self.refused,
            "asks": self.asked is not None,
            **(drawn(self.asked, self.community, self.book) if self.asked is not None else {}),
            **(_tags() if self.kind == "tag" or self.opened == BEGINNING else {}),
        }


def _tags() -> dict[str, list[str]]:
    """What tags there are, to be offered while one is typed."""
    rows = Tag.objects.filter(archived_at=None, dimension__archived_at=None).order_by("dimension__pk", "pk")
    pairs = list(rows.values_list("dimension__name", "name")[:_MOST_NAMES])
    return {
        "tag_dimensions": list(dict.fromkeys(dimension for dimension, _name in pairs)),
        "tag_names": list(dict.fromkeys(name for _dimension, name in pairs)),
    }
