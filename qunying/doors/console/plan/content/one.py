"""One entry: what it says, what was said of it, what can be done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.do.publishing.card import card_of
from qunying.doors.console.people import staff_of
from qunying.doors.console.plan.content.marking import marked_words
from qunying.doors.console.plan.content.words import FORMS, LOOKS, SOURCES, STATES, STEPS
from qunying.doors.console.ranges import file_answer
from qunying.kit.errors import NotAllowedError, NotFoundError, QunyingError
from qunying.plan.content.differences import compare
from qunying.plan.content.forms import STARTS
from qunying.plan.content.models import Entry, Picture, Review
from qunying.plan.content.queries import IN_REVIEW, approved_version, get_entry_for, newest_version
from qunying.plan.content.rules import may_write, why_not_review
from qunying.plan.content.services import comment_on, drop_entry, hand_in, take_up_entry
from qunying.plan.content.services_reviews import PROOFREADS, pass_review, send_back
from qunying.plan.materials.services_pictures import picture_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase
    from django.utils.functional import _StrPromise

    from qunying.ground.access.models import Staff
    from qunying.plan.content.models import Comment, Version


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of what happened with an entry."""

    at: datetime
    who: str
    title: str
    text: str
    icon: str
    style: str
    number: int = 0


@require_GET
@login_required
def entry(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One entry: its state and plan, its words and what happened, what can be done."""
    staff = staff_of(request)
    return render(request, "console/content/one.html", _portrait(get_entry_for(staff, slug, pk), staff))


def _portrait(entry: Entry, staff: Staff) -> dict[str, object]:
    version = newest_version(entry)
    step = IN_REVIEW.get(Entry.State(entry.state))
    return {
        "community": entry.community,
        "entry": entry,
        "state": STATES[entry.state],
        "look": LOOKS[entry.state],
        "facts": _facts(entry),
        "version": version,
        **_media(version),
        "passages": marked_words(version) if version else [],
        "pictures": list(version.pictures.select_related("file")) if version else [],
        "findings": list(version.findings.all()) if version else [],
        "happenings": _happenings(entry),
        "may_write": may_write(staff, entry.community),
        "may_hand_in": version is not None and entry.state in {Entry.State.DRAFT, Entry.State.SENT_BACK},
        "dropped": entry.state == Entry.State.DROPPED,
        "step": step,
        "step_label": STEPS[step] if step else "",
        "why_not": why_not_review(staff, entry, step) if step else "",
        "proofreads": PROOFREADS,
        "approved": approved_version(entry) is not None,
        **card_of(entry, staff),
    }


def _media(version: Version | None) -> dict[str, object]:
    """When it is live, and whether its file can be seen or heard here."""
    starts = version.details.get(STARTS) if version else None
    kind = version.material.kind if version and version.material else ""
    return {"starts": datetime.fromisoformat(starts) if starts else None, "shown_kind": kind}


def _facts(entry: Entry) -> list[tuple[str, str | _StrPromise]]:
    slot = entry.slot_day.isoformat() if entry.slot_day else "–"
    if entry.slot_time:
        slot += f" {entry.slot_time:%H:%M}"
    groups = "、".join(group.name for group in entry.groups.order_by("name")) or _("Every group")
    return [
        (_("Theme"), entry.theme.label if entry.theme else "–"),
        (_("Form"), FORMS[entry.form]),
        (pgettext("goal", "Owner"), entry.owner.name if entry.owner else _("Nobody yet")),
        (_("To be approved by"), entry.due.isoformat() if entry.due else "–"),
        (_("Goes out on"), slot),
        (_("Groups"), groups),
        (_("Comes from"), SOURCES[entry.source]),
    ]


def _happenings(entry: Entry) -> list[Happening]:
    versions = list(entry.versions.select_related("author"))
    reviews = Review.objects.filter(version__entry=entry).select_related("by", "version")
    lines = [_of_version(one) for one in versions] + [_of_review(one) for one in reviews]
    lines += [_of_comment(one) for one in entry.comments.select_related("by")]
    zone = ZoneInfo(entry.community.timezone)
    local = [replace(line, at=line.at.astimezone(zone)) for line in lines]
    return sorted(local, key=lambda line: line.at, reverse=True)


def _of_version(version: Version) -> Happening:
    title = _("Version %(number)d written") % {"number": version.number}
    return Happening(version.at, _name(version.author), title, "", "pencil", "status-open", version.number)


def _of_review(review: Review) -> Happening:
    given = {"step": STEPS[review.step], "number": review.version.number}
    if review.verdict == Review.Verdict.PASSED:
        title, icon, style = _("%(step)s passed, version %(number)d"), "circle-check", "status-good"
    else:
        title, icon, style = _("%(step)s: sent back, version %(number)d"), "rotate", "status-bad"
    return Happening(review.at, _name(review.by), title % given, review.note, icon, style)


def _of_comment(comment: Comment) -> Happening:
    return Happening(comment.at, _name(comment.by), _("Comment"), comment.words, "message", "status-open")


def _name(staff: Staff | None) -> str:
    return staff.name if staff else ""


@require_GET
@login_required
def version(request: HttpRequest, slug: str, pk: int, number: int) -> HttpResponse:
    """One version of an entry: what it says, and what it changed of the one before it."""
    found = get_entry_for(staff_of(request), slug, pk)
    shown = found.versions.filter(number=number).select_related("author").first()
    if shown is None:
        raise NotFoundError(_("There is no such version of this entry."))
    before = found.versions.filter(number=number - 1).first()
    context = {
        "community": found.community,
        "entry": found,
        "version": shown,
        "before": before,
        "title_pieces": compare(before.title if before else "", shown.title),
        "pieces": compare(_text(before), _text(shown)),
        "pictures": list(shown.pictures.select_related("file")),
        "numbers": list(found.versions.values_list("number", flat=True)),
        "zone": ZoneInfo(found.community.timezone),
    }
    return render(request, "console/content/version.html", context)


def _text(version: Version | None) -> str:
    """The words of a version with its links, quotations and captions under them, for comparing."""
    if version is None:
        return ""
    quotes = [f"{one['words']} | {one['licence']}" for one in version.quotes]
    pictures = [f"{one.place}. {one.file.name} {one.caption} {one.licence}".rstrip() for one in version.pictures.all()]
    parts = [f"{name}: {value}" for name, value in version.details.items()]
    parts += [version.material.name] if version.material else []
    return "\n".join([version.words, *parts, *version.links, *quotes, *pictures]) + "\n"


@require_GET
@login_required
def picture(request: HttpRequest, slug: str, pk: int, picture_pk: int) -> HttpResponse:
    """One picture of an entry, whichever version it stands in."""
    found = get_entry_for(staff_of(request), slug, pk)
    shown = Picture.objects.filter(version__entry=found, pk=picture_pk).select_related("file").first()
    if shown is None:
        raise NotFoundError(_("There is no such picture in this entry."))
    raw, media_type = picture_bytes(shown.file)
    return HttpResponse(raw, content_type=media_type, headers={"Cache-Control": "private, max-age=86400"})


@require_GET
@login_required
def file(request: HttpRequest, slug: str, pk: int, number: int) -> HttpResponseBase:
    """The film, sound or paper of one version, as it was when that was written."""
    found = get_entry_for(staff_of(request), slug, pk)
    shown = found.versions.filter(number=number).select_related("file", "material").first()
    if shown is None or shown.file is None or shown.material is None:
        raise NotFoundError(_("There is no such file in this entry."))
    kept = shown.material.versions.filter(file=shown.file).first()
    media_type = kept.media_type if kept else "application/octet-stream"
    return file_answer(request, shown.file, media_type=media_type)


@require_POST
@login_required
def act(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Hand in, review, comment, drop or take up, as the button says."""
    staff = staff_of(request)
    found = get_entry_for(staff, slug, pk)
    name = request.POST.get("act", "")
    if name not in {"pass", "back", "comment"} and not may_write(staff, found.community):
        raise NotAllowedError(_("Your role may not write content. Ask the lead of the unit."))
    done, do = _acts(request, found, staff).get(name, ("", _unknown))
    return act_and_return(request, do, done=done, back=reverse("entry", args=(slug, pk)))


def _acts(request: HttpRequest, entry: Entry, staff: Staff) -> dict[str, tuple[str, Callable[[], object]]]:
    given = request.POST
    note, digest, ticks = given.get("note", ""), given.get("digest", ""), given.getlist("proofread")
    return {
        "hand_in": (_("Handed in. It waits for its first review."), lambda: hand_in(entry, by=staff)),
        "pass": (
            _("It passed this review."),
            lambda: pass_review(entry, by=staff, digest=digest, proofreads=ticks, note=note),
        ),
        "back": (_("Sent back with your note."), lambda: send_back(entry, by=staff, note=note, proofreads=ticks)),
        "comment": (_("Your comment stands there."), lambda: comment_on(entry, words=note, by=staff)),
        "drop": (_("It is dropped. It can be taken up again here."), lambda: drop_entry(entry, by=staff, note=note)),
        "take_up": (_("It stands on the plan again."), lambda: take_up_entry(entry, by=staff)),
    }


def _unknown() -> None:
    raise QunyingError(_("Choose what to do."))
