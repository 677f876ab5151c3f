"""Writing a sending: the words, to whom, when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from qunying.do.reach.best_times import best_times
from qunying.do.reach.guards import is_quiet
from qunying.do.reach.measures import measure_of
from qunying.do.reach.models import Sending
from qunying.do.reach.pictures import MOST_PICTURES, stored, take_picture
from qunying.do.reach.queries import get_sending_for
from qunying.do.reach.rules import may_send
from qunying.do.reach.services import Draft, write_sending
from qunying.doors.console.people import check_may, staff_of, went_well
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import communities_for, get_community_for, groups_of, platforms_of
from qunying.ground.platforms.names import platform_label
from qunying.ground.segments.queries import segments_at
from qunying.kit import formats
from qunying.kit.errors import QunyingError
from qunying.kit.numerals import to_id
from qunying.plan.materials.models import Material
from qunying.plan.materials.queries import scripts_in, usable
from qunying.plan.materials.services_scripts import count_use

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from qunying.ground.access.models import Staff
    from qunying.ground.files.models import StoredFile
    from qunying.ground.groups.models import Community
    from qunying.plan.materials.models import Script

_MOST_SHOWN = 200
_TO_GROUPS, _TO_PEOPLE = "groups", "people"


class SendingForm(forms.Form):
    """A sending as people write it; times are local to the community."""

    title = forms.CharField(
        label=pgettext_lazy("sending", "Title"),
        max_length=Sending.TITLE_LENGTH,
        help_text=gettext_lazy("For you and your colleagues; nobody outside sees it."),
    )
    words = forms.CharField(
        label=pgettext_lazy("sending", "Text"), max_length=Sending.WORDS_LENGTH, widget=forms.Textarea({"rows": 7})
    )
    advert = forms.BooleanField(label=gettext_lazy("This is an advert"), required=False)
    counts_clicks = forms.BooleanField(label=gettext_lazy("Count clicks on the links in it"), required=False)
    to = forms.ChoiceField(
        choices=[(_TO_GROUPS, gettext_lazy("Groups")), (_TO_PEOPLE, gettext_lazy("People of a segment, one by one"))],
        initial=_TO_GROUPS,
        widget=forms.RadioSelect,
    )
    groups = forms.TypedMultipleChoiceField(label=gettext_lazy("Groups"), required=False, coerce=int)
    segment = forms.TypedChoiceField(label=gettext_lazy("Segment"), required=False, coerce=int, empty_value=None)
    platforms = forms.MultipleChoiceField(label=gettext_lazy("Only on"), required=False)
    due_at = forms.DateTimeField(
        label=gettext_lazy("When"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("Empty: as soon as it is released. Nothing leaves in the quiet hours."),
    )

    def __init__(self, *args: Any, community: Community, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.community = community
        self.all_groups = list(groups_of(community))
        self.all_segments = list(segments_at(staff, community=community, unit=None))
        choices: dict[str, list[tuple[Any, str]]] = {
            "groups": [(one.pk, one.name) for one in self.all_groups],
            "segment": [("", ""), *((one.pk, one.name) for one in self.all_segments)],
            "platforms": [(name, platform_label(name)) for name in platforms_of(community)],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]

    def clean_due_at(self) -> datetime | None:
        """The time as it is in the community, as UTC knows it; never one that has passed."""
        typed: datetime | None = self.cleaned_data["due_at"]
        if typed is None:
            return None
        due = typed.replace(tzinfo=ZoneInfo(self.community.timezone))
        if due < timezone.now():
            raise forms.ValidationError(_("That time has passed. Choose a later one, or leave it empty."))
        return due

    def draft(self, pictures: Sequence[StoredFile], materials: Sequence[Material]) -> Draft:
        """What was written, with these pictures, and those of the library."""
        said = self.cleaned_data
        people = said["to"] == _TO_PEOPLE
        segment = next((one for one in self.all_segments if people and one.pk == said["segment"]), None)
        return Draft(
            said["title"],
            said["words"],
            groups=[] if people else [one for one in self.all_groups if one.pk in said["groups"]],
            segment=segment,
            platforms=said["platforms"] if people else [],
            due_at=said["due_at"],
            advert=said["advert"],
            counts_clicks=said["counts_clicks"] and bool(settings.PUBLIC_URL),
            pictures=pictures,
            materials=materials,
        )


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Write one."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.SEE_PLAN)
    check_may(staff, Permission.SEND, community.unit, refusal=_no_writing())
    script = scripts_in(community).filter(pk=to_id(request.GET.get("script", "")) or 0).first()
    first = {"title": script.title, "words": script.words} if script else {}
    form = SendingForm(request.POST or None, community=community, staff=staff, initial=first)
    return _written(request, form, staff, None, script)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one that was not released."""
    staff = staff_of(request)
    sending = get_sending_for(staff, pk)
    check_may(staff, Permission.SEND, sending.community.unit, refusal=_no_writing())
    if sending.state not in {Sending.State.DRAFTED, Sending.State.CHECKED}:
        return redirect("sending", pk)
    form = SendingForm(request.POST or None, community=sending.community, staff=staff, initial=_as_typed(sending))
    return _written(request, form, staff, sending)


def _as_typed(sending: Sending) -> dict[str, object]:
    zone = ZoneInfo(sending.community.timezone)
    return {
        "title": sending.title,
        "words": sending.words,
        "advert": sending.advert,
        "counts_clicks": sending.counts_clicks,
        "to": _TO_PEOPLE if sending.segment_id else _TO_GROUPS,
        "groups": list(sending.targets.values_list("group", flat=True)),
        "segment": sending.segment_id,
        "platforms": sending.platforms,
        "due_at": sending.due_at.astimezone(zone).replace(tzinfo=None) if sending.due_at else None,
    }


def _written(
    request: HttpRequest, form: SendingForm, staff: Staff, sending: Sending | None, script: Script | None = None
) -> HttpResponse:
    made: list[Sending] = []
    community = form.community
    library, chosen = _library(community), request.POST.getlist("from_library")

    def write() -> None:
        taken = [one for one in library if str(one.pk) in chosen]
        draft = form.draft(_pictures(request, community, staff, sending), taken)
        with transaction.atomic():
            made.append(write_sending(community, draft, by=staff, sending=sending))
            if script is not None:
                count_use(script)

    if form.is_valid() and went_well(form, write):
        return redirect("sending", made[0].pk)
    context = {
        "form": form,
        "community": community,
        "sending": sending,
        "may_send": may_send(staff, community),
        "chosen": {str(value) for value in (form["groups"].value() or [])},
        "chosen_platforms": {str(value) for value in (form["platforms"].value() or [])},
        "to": form["to"].value(),
        "pictures": stored(sending.pictures) if sending else [],
        "most_pictures": MOST_PICTURES,
        "library": library,
        "taken": chosen,
        "best": good_times(community, staff),
        "can_count": bool(settings.PUBLIC_URL),
    }
    return render(request, "console/reach/form.html", context, status=400 if form.errors else 200)


def _library(community: Community) -> list[Material]:
    """The pictures of the library that may be used today, the newest first."""
    today = timezone.localdate(timezone=ZoneInfo(community.timezone))
    ready = usable(community, on=today).filter(kind=Material.Kind.PICTURE, file__isnull=False)
    return list(ready.order_by("-pk")[:_MOST_SHOWN])


def _pictures(request: HttpRequest, community: Community, staff: Staff, sending: Sending | None) -> list[StoredFile]:
    """Those it has and keeps, and the new ones behind them; each new one is looked at before it is kept."""
    before = stored(sending.pictures) if sending else []
    kept = [one for one in before if not request.POST.get(f"away-{one.pk}")]
    sent = request.FILES.getlist("new_pictures")
    if len(kept) + len(sent) > MOST_PICTURES:
        raise QunyingError(_("A sending has at most %(most)d pictures.") % {"most": MOST_PICTURES})
    new = [take_picture(one.read(), name=one.name or "picture", community=community, by=staff) for one in sent]
    return kept + new


def good_times(community: Community, staff: Staff) -> list[dict[str, object]]:
    """Good times as the field takes them, and in words."""
    measure, zone = measure_of(community.unit), ZoneInfo(community.timezone)
    hours = [hour for hour in range(24) if not is_quiet(measure, hour)]
    among = list(communities_for(staff, Permission.SEE_FIGURES).values_list("pk", flat=True))
    return [
        {"value": f"{one.at:%Y-%m-%dT%H:%M}", "words": formats.moment(one.at), "tries": one.tries}
        for one in best_times(community, among=among, zone=zone, open_hours=hours)
    ]


def _no_writing() -> str:
    return _("Your roles do not include sending here. Ask the lead of the unit.")
