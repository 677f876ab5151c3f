"""Verbs on entries: propose, plan, write, hand in, drop, take up, comment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.access.models import ApiKey, Staff
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.errors import QunyingError
from qunying.kit.text.addresses import is_address
from qunying.plan.content.checks import look_over, stops_in
from qunying.plan.content.digests import digest_of, shown_of
from qunying.plan.content.forms import tidied_details
from qunying.plan.content.models import Comment, Entry, Form, Picture, Version
from qunying.plan.content.port import Slot, slot_of, tell_moved, tell_voided
from qunying.plan.content.queries import newest_version
from qunying.plan.content.rules import may_own
from qunying.plan.materials.services import set_uses

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, time

    from qunying.ground.audit.actors import Actor
    from qunying.ground.files.models import StoredFile
    from qunying.ground.groups.models import Community, Group
    from qunying.plan.content.models import Theme
    from qunying.plan.materials.models import Material

PROPOSE = declare_verb("content.propose", gettext_lazy("A topic was proposed."))
PLAN = declare_verb("content.plan", gettext_lazy("The plan of an entry was changed."))
WRITE = declare_verb("content.write", gettext_lazy("A version of an entry was written."))
HAND_IN = declare_verb("content.hand_in", gettext_lazy("An entry was handed in for review."))
DROP = declare_verb("content.drop", gettext_lazy("An entry was dropped."))
TAKE_UP = declare_verb("content.take_up", gettext_lazy("A dropped entry was taken up again."))
COMMENT = declare_verb("content.comment", gettext_lazy("An entry was commented on."))

MOST_WORDS = 20_000
MOST_PICTURES = 9
MOST_LINKS = 10
_LONG = 2000


@dataclass(frozen=True, slots=True)
class Planned:
    """When, where, whose and what about an entry is: everything that can change without its being read anew.

    Days and the time are local to the community.
    """

    theme: Theme | None = None
    owner: Staff | None = None
    owner_role: str = ""
    due: date | None = None
    slot_day: date | None = None
    slot_time: time | None = None
    groups: tuple[Group, ...] = ()
    source: str = Entry.Source.OWN
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture as it is to stand in a version."""

    file: StoredFile
    caption: str = ""
    licence: str = ""
    material: Material | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that would be shown; `details` by `forms.ASKED`, `material` what of the library it shows."""

    title: str
    form: str = Form.TEXT
    words: str = ""
    links: tuple[str, ...] = ()
    quotes: tuple[Mapping[str, str], ...] = ()
    ai_made: bool = False
    pictures: tuple[Shown, ...] = field(default=())
    details: Mapping[str, str] = field(default_factory=dict)
    material: Material | None = None


UNPLANNED = Planned()


@transaction.atomic
def propose_entry(
    title: str, *, community: Community, by: Actor, form: str = Form.TEXT, planned: Planned = UNPLANNED
) -> Entry:
    """Put a topic on the plan of a community; raises QunyingError for an empty or over-long title."""
    _check_planned(planned, community)
    entry = Entry.objects.create(
        community=community,
        title=_tidy_title(title),
        form=Form(form),
        created_by=by.actor_key,
        **_columns(planned),
    )
    entry.groups.set(planned.groups)
    details = {"source": planned.source, "slot": planned.slot_day.isoformat() if planned.slot_day else ""}
    write_act(PROPOSE, by=by, subject_type="entry", subject_id=entry.pk, details=details)
    return entry


@transaction.atomic
def plan_entry(entry: Entry, *, planned: Planned, by: Actor) -> Entry:
    """Change when, where, whose and what about it is; what was read and approved stays approved."""
    entry = locked(entry)
    before = slot_of(entry)
    _check_planned(planned, entry.community)
    for name, value in _columns(planned).items():
        setattr(entry, name, value)
    entry.save()
    entry.groups.set(planned.groups)
    write_act(PLAN, by=by, subject_type="entry", subject_id=entry.pk)
    tell_moved(entry, before=before, by=by)
    return entry


@transaction.atomic
def move_entry(entry: Entry, *, day: date, by: Actor, at: time | None = None) -> Entry:
    """Move its slot to another local day (and time, where one is given); the same slot again changes nothing."""
    entry = locked(entry)
    before, after = slot_of(entry), Slot(day, entry.slot_time if at is None else at)
    if before == after:
        return entry
    entry.slot_day, entry.slot_time = after
    entry.save(update_fields=["slot_day", "slot_time", "changed_at"])
    details = {"from": before.day.isoformat() if before.day else "", "to": day.isoformat()}
    write_act(PLAN, by=by, subject_type="entry", subject_id=entry.pk, details=details)
    tell_moved(entry, before=before, by=by)
    return entry


@transaction.atomic
def write_version(entry: Entry, *, draft: Draft, by: Actor) -> Version:
    """Write what is to be shown as a new version; whatever approval there was does not cover it, so it falls back.

    Contents that equal the newest version's make none. Raises QunyingError for what is too long, or a dropped entry.
    """
    entry = locked(entry)
    if entry.state == Entry.State.DROPPED:
        raise QunyingError(_("“%(entry)s” was dropped. Take it up again first.") % {"entry": entry.title})
    version = _unsaved(entry, _tidied(draft), by)
    newest = newest_version(entry)
    if newest is not None and newest.digest == version.digest:
        return newest
    version.save()
    Picture.objects.bulk_create(_pictures(version, draft.pictures))
    used = [one.material for one in draft.pictures if one.material] + ([draft.material] if draft.material else [])
    set_uses("entry", entry.pk, materials=used)
    entry.version, entry.title, entry.form = version.number, version.title, version.form
    entry.state = Entry.State.DRAFT
    entry.save(update_fields=["version", "title", "form", "state", "changed_at"])
    details = {"version": version.number, "digest": version.digest}
    write_act(WRITE, by=by, subject_type="entry", subject_id=entry.pk, details=details)
    tell_voided(entry, by=by)
    return version


def hand_in(entry: Entry, *, by: Actor) -> Entry:
    """Check what it says, and give it to its first review.

    What the checks found is kept with the version even where it is refused for it: QunyingError for a finding that
    stops, for an entry that says nothing yet, and for one that is in review or approved already.
    """
    version = newest_version(entry)
    if version is None or not _says_anything(version):
        raise QunyingError(_("There is nothing to review yet. Write it first."))
    look_over(version)
    with transaction.atomic():
        entry = locked(entry)
        if entry.version != version.number:
            raise QunyingError(_("It was changed a moment ago. Read it again, then hand it in."))
        if entry.state not in {Entry.State.DRAFT, Entry.State.SENT_BACK}:
            raise QunyingError(_("“%(entry)s” is not a draft now, so it cannot be handed in.") % {"entry": entry.title})
        refuse_stopped(version)
        entry.state = Entry.State.FIRST
        entry.save(update_fields=["state", "changed_at"])
        details = {"version": version.number, "digest": version.digest}
        write_act(HAND_IN, by=by, subject_type="entry", subject_id=entry.pk, details=details)
    return entry


def refuse_stopped(version: Version) -> None:
    """Raise QunyingError where a check has found what must not go on."""
    stops = stops_in(version)
    if stops:
        what = "、".join(sorted({one.label for one in stops}))
        raise QunyingError(_("The checks found what has to be put right first: %(what)s.") % {"what": what})


@transaction.atomic
def drop_entry(entry: Entry, *, by: Actor, note: str = "") -> Entry:
    """Take it off the plan without deleting it; it can be taken up again."""
    entry = locked(entry)
    if entry.state == Entry.State.DROPPED:
        raise QunyingError(_("“%(entry)s” was dropped already.") % {"entry": entry.title})
    before, entry.state = entry.state, Entry.State.DROPPED
    entry.save(update_fields=["state", "changed_at"])
    if note.strip():
        _add_comment(entry, note, by)
    write_act(DROP, by=by, subject_type="entry", subject_id=entry.pk, details={"from": before})
    tell_voided(entry, by=by)
    return entry


@transaction.atomic
def take_up_entry(entry: Entry, *, by: Actor) -> Entry:
    """Put a dropped entry on the plan again, as a draft, or as the topic it was; an approval does not come back."""
    entry = locked(entry)
    if entry.state != Entry.State.DROPPED:
        raise QunyingError(_("“%(entry)s” is on the plan already.") % {"entry": entry.title})
    entry.state = Entry.State.DRAFT if entry.version else Entry.State.TOPIC
    entry.save(update_fields=["state", "changed_at"])
    write_act(TAKE_UP, by=by, subject_type="entry", subject_id=entry.pk)
    return entry


@transaction.atomic
def comment_on(entry: Entry, *, words: str, by: Actor) -> Comment:
    """Say something about an entry as it now stands."""
    comment = _add_comment(entry, words, by)
    write_act(COMMENT, by=by, subject_type="entry", subject_id=entry.pk, details={"comment": comment.pk})
    return comment


def locked(entry: Entry) -> Entry:
    """The entry as the store now has it, held until the transaction ends."""
    return Entry.objects.select_for_update(of=("self",)).select_related("community__unit").get(pk=entry.pk)


def _add_comment(entry: Entry, words: str, by: Actor) -> Comment:
    words = words.strip()
    if not words or len(words) > _LONG:
        raise QunyingError(_("A comment has between 1 and %(most)d characters.") % {"most": _LONG})
    return Comment.objects.create(entry=entry, number=entry.version, words=words, by=_author(by))


def _columns(planned: Planned) -> dict[str, object]:
    names = ("theme", "owner", "owner_role", "due", "slot_day", "slot_time", "source")
    return {name: getattr(planned, name) for name in names} | {"note": planned.note.strip()}


def _check_planned(planned: Planned, community: Community) -> None:
    if planned.theme is not None and planned.theme.community_id != community.pk:
        raise QunyingError(_("The theme belongs to another community."))
    if any(group.community_id != community.pk for group in planned.groups):
        raise QunyingError(_("A group of another community cannot be planned for here."))
    if planned.owner is not None and not may_own(planned.owner, community):
        given = {"person": planned.owner.name, "community": community.name}
        raise QunyingError(_("%(person)s does not write content in “%(community)s”. Choose somebody who does.") % given)
    if planned.slot_time is not None and planned.slot_day is None:
        raise QunyingError(_("A time of day needs its day."))
    if len(planned.note) > _LONG:
        raise QunyingError(_("The note is longer than %(most)s characters. Shorten it.") % {"most": _LONG})


def _tidy_title(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise QunyingError(_("An entry needs a title: what is it about?"))
    if len(title) > Entry.TITLE_LENGTH:
        raise QunyingError(
            _("The title is longer than %(most)s characters. Shorten it.") % {"most": Entry.TITLE_LENGTH}
        )
    return title


def _tidied(draft: Draft) -> Draft:
    words = draft.words.replace("\r\n", "\n").strip()
    links = tuple(link for text in draft.links if (link := text.strip()))
    if len(words) > MOST_WORDS:
        raise QunyingError(_("It has more than %(most)d characters. Shorten it.") % {"most": MOST_WORDS})
    if len(draft.pictures) > MOST_PICTURES:
        raise QunyingError(_("It has more than %(most)d pictures. Take some away.") % {"most": MOST_PICTURES})
    if len(links) > MOST_LINKS:
        raise QunyingError(_("It has more than %(most)d links. Take some away.") % {"most": MOST_LINKS})
    for link in links:
        if not is_address(link):
            raise QunyingError(_("“%(link)s” is no link. Begin it with https://.") % {"link": link})
    quotes = tuple({name: str(one.get(name, "")).strip() for name in ("words", "licence")} for one in draft.quotes)
    return Draft(
        title=_tidy_title(draft.title),
        form=Form(draft.form),
        words=words,
        links=links,
        quotes=quotes,
        ai_made=draft.ai_made,
        pictures=draft.pictures,
        details=tidied_details(draft.form, draft.details),
        material=draft.material,
    )


def _unsaved(entry: Entry, draft: Draft, by: Actor) -> Version:
    version = Version(
        entry=entry,
        number=entry.version + 1,
        title=draft.title,
        form=str(draft.form),
        words=draft.words,
        links=list(draft.links),
        quotes=[dict(one) for one in draft.quotes],
        ai_made=draft.ai_made,
        details=dict(draft.details),
        material=draft.material,
        file=draft.material.file if draft.material else None,
        author=_author(by),
        written_by=by.actor_key,
    )
    pictures = [(one.file.digest, one.caption.strip(), one.licence.strip()) for one in draft.pictures]
    version.digest = digest_of(shown_of(version), pictures)
    return version


def _author(by: Actor) -> Staff | None:
    """Who answers for the words: what a key writes, its owner has written, and may not review."""
    if isinstance(by, ApiKey):
        return by.owner
    return by if isinstance(by, Staff) else None


def _pictures(version: Version, pictures: Iterable[Shown]) -> list[Picture]:
    return [
        Picture(
            version=version,
            place=place,
            file=one.file,
            caption=one.caption.strip(),
            licence=one.licence.strip(),
            material=one.material,
        )
        for place, one in enumerate(pictures, start=1)
    ]


def _says_anything(version: Version) -> bool:
    return bool(version.words or version.links or version.details or version.material_id or version.pictures.exists())
