"""Publishing an entry: when, where, how it will look, who gets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from qunying.do.publishing.preview import preview_of
from qunying.do.publishing.queries import groups_free, groups_meant
from qunying.do.publishing.services import publish_entry
from qunying.do.publishing.wording import words_of
from qunying.doors.console.acting import act_and_return
from qunying.doors.console.do.publishing.card import planned_at
from qunying.doors.console.do.reach.composing import good_times
from qunying.doors.console.people import check_may, staff_of, went_well
from qunying.ground.access.roles import Permission
from qunying.ground.platforms.names import platform_label
from qunying.kit.errors import QunyingError
from qunying.plan.content.queries import approved_version, get_entry_for

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from qunying.do.publishing.models import Publication
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Group
    from qunying.plan.content.models import Entry, Version

_MINUTES = "%Y-%m-%dT%H:%M"


class PublishForm(forms.Form):
    """When, to which groups, pinned or not, with clicks counted or not."""

    due_at = forms.DateTimeField(
        label=gettext_lazy("When"),
        required=False,
        input_formats=(_MINUTES,),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=_MINUTES),
        help_text=gettext_lazy("Time of the community. Empty: at once."),
    )
    groups = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Groups"),
        coerce=int,
        error_messages={"required": gettext_lazy("Choose at least one group.")},
    )
    pinned = forms.BooleanField(label=gettext_lazy("Pin it in the groups"), required=False)
    counts_clicks = forms.BooleanField(label=gettext_lazy("Count clicks"), required=False)

    def __init__(self, *args: Any, entry: Entry, free: Sequence[Group], **kwargs: Any) -> None:
        """Offer the groups that may still get it."""
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(entry.community.timezone)
        self.free = free
        self.fields["groups"].choices = [(group.pk, group.name) for group in free]  # type: ignore[attr-defined]

    def clean_due_at(self) -> datetime | None:
        """The time as it is in the community; never one that has passed."""
        typed: datetime | None = self.cleaned_data["due_at"]
        if typed is None:
            return None
        due = typed.replace(tzinfo=self.zone)
        if due < timezone.now():
            raise forms.ValidationError(_("That time has passed. Choose a later one, or leave it empty."))
        return due

    def chosen(self) -> list[Group]:
        """The groups that were ticked."""
        return [group for group in self.free if group.pk in self.cleaned_data["groups"]]


@require_http_methods(["GET", "POST"])
@login_required
def publish(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Look at how it will go out, and let it."""
    staff, entry = _sender(request, slug, pk)
    version = approved_version(entry)
    if version is None:
        messages.error(request, _("It is not approved as it now reads. Only what two people have approved goes out."))
        return redirect("entry", slug, pk)
    free = groups_free(entry)
    form = PublishForm(request.POST or None, entry=entry, free=free, initial=_first(entry, free))
    made: list[Publication] = []
    if form.is_valid() and went_well(form, lambda: made.append(_published(form, entry, version, request, staff))):
        messages.success(request, _("It is on its way. What goes by hand is in the list of things to send."))
        return redirect("publication", slug, made[0].pk)
    context = _page(form, entry, version, free) | {"best": good_times(entry.community, staff)}
    return render(request, "console/publishing/publish.html", context, status=400 if form.errors else 200)


def _published(form: PublishForm, entry: Entry, version: Version, request: HttpRequest, staff: Staff) -> Publication:
    if request.POST.get("seen") != version.digest:
        raise QunyingError(_("It was changed since you looked at it. Look again, then publish."))
    said = form.cleaned_data
    counts = said["counts_clicks"] and bool(settings.PUBLIC_URL)
    return publish_entry(
        entry,
        groups=form.chosen(),
        due_at=said["due_at"],
        pinned=said["pinned"],
        counts_clicks=counts,
        by=staff,
    )


def _first(entry: Entry, free: Sequence[Group]) -> dict[str, object]:
    at = planned_at(entry)
    return {
        "due_at": at.replace(tzinfo=None) if at else None,
        "groups": [group.pk for group in groups_meant(entry, free)],
        "counts_clicks": bool(settings.PUBLIC_URL),
    }


def _page(form: PublishForm, entry: Entry, version: Version, free: Sequence[Group]) -> dict[str, object]:
    words = words_of(version)
    previews = preview_of(entry, version, free, due_at=planned_at(entry))
    chosen = {str(value) for value in (form["groups"].value() or [])}
    return {
        "form": form,
        "entry": entry,
        "community": entry.community,
        "version": version,
        "words": words,
        "pictures": list(version.pictures.select_related("file")),
        "platforms": [platform_label(name) for name in sorted({group.platform for group in free})],
        "rows": [(one, platform_label(one.group.platform), str(one.group.pk) in chosen) for one in previews],
        "can_count": bool(settings.PUBLIC_URL) and "http" in words,
        "slot_passed": entry.slot_day is not None and planned_at(entry) is None,
    }


@require_POST
@login_required
def publish_as_planned(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One tap: to the groups of the plan at the time of the plan."""
    staff, entry = _sender(request, slug, pk)
    done = _("It goes out as planned.")
    return act_and_return(request, lambda: _as_planned(entry, staff), done=done, back=reverse("entry", args=[slug, pk]))


def _as_planned(entry: Entry, staff: Staff) -> Publication:
    at = planned_at(entry)
    if at is None:
        raise QunyingError(_("The plan names no time that is still to come. Choose one."))
    words = _words(entry)
    counts = bool(settings.PUBLIC_URL) and "http" in words
    return publish_entry(
        entry, groups=groups_meant(entry, groups_free(entry)), due_at=at, counts_clicks=counts, by=staff
    )


def _words(entry: Entry) -> str:
    version = approved_version(entry)
    return words_of(version) if version else ""


def _sender(request: HttpRequest, slug: str, pk: int) -> tuple[Staff, Entry]:
    staff = staff_of(request)
    entry = get_entry_for(staff, slug, pk)
    refusal = _("Your roles do not include sending here. Ask the lead of the unit.")
    check_may(staff, Permission.SEND, entry.community.unit, refusal=refusal)
    return staff, entry
