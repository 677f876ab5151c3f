"""Verbs on sendings: writing, handing in, releasing, calling off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.do.reach.links import with_short_links
from qunying.do.reach.models import Delivery, HandTask, Measure, Sending, SendingGroup
from qunying.do.reach.pictures import MOST_PICTURES, still_shown
from qunying.do.reach.rules import answering, may_measure, may_release, may_send
from qunying.do.reach.services_planning import Origin, Wanted, hash_of, plan_deliveries
from qunying.do.reach.targets import ORIGIN, TEST_ORIGIN, hash_of_sending, options_of, wanted_of
from qunying.ground.access.models import ApiKey, Staff
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.platforms.port import Action
from qunying.kit.errors import NotAllowedError, QunyingError
from qunying.plan.materials.services import set_uses
from qunying.plan.materials.services_pictures import PURPOSE

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from qunying.ground.access.models import Holder
    from qunying.ground.audit.actors import Actor
    from qunying.ground.files.models import StoredFile
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.members.models import Identity
    from qunying.ground.segments.models import Segment
    from qunying.ground.units.models import Unit
    from qunying.plan.materials.models import Material

WRITE = declare_verb("sendings.write", gettext_lazy("A sending was written or changed."))
HAND_IN = declare_verb("sendings.hand_in", gettext_lazy("A sending was handed in for release."))
GIVE_BACK = declare_verb("sendings.give_back", gettext_lazy("A sending was given back to be changed."))
RELEASE = declare_verb("sendings.release", gettext_lazy("A sending was released."))
CANCEL = declare_verb("sendings.cancel", gettext_lazy("A sending was called off."))
TEST = declare_verb("sendings.test", gettext_lazy("A sending was tried on a colleague."))
MEASURE = declare_verb("sendings.measure", gettext_lazy("How much a unit may send was changed."))
MEASURE_DROPPED = declare_verb("sendings.inherit_measure", gettext_lazy("A unit may send as much as the one above it."))

State = Sending.State


@dataclass(frozen=True, slots=True)
class Draft:
    """What a sending is to say, to whom and when: groups, or a segment; `due_at` None is as soon as it is released."""

    title: str
    words: str
    groups: Sequence[Group] = ()
    segment: Segment | None = None
    platforms: Sequence[str] = ()
    due_at: datetime | None = None
    advert: bool = False
    counts_clicks: bool = False
    pictures: Sequence[StoredFile] = ()
    materials: Sequence[Material] = ()
    """Pictures of the library that go along, behind the uploaded ones."""


@transaction.atomic
def write_sending(community: Community, draft: Draft, *, by: Holder, sending: Sending | None = None) -> Sending:
    """Make a sending, or change one that has not been released; it is a draft again, whatever was handed in."""
    _check_may(by, community)
    _check_draft(draft, community)
    _check_pictures(draft, community, known=sending.pictures if sending else ())
    if sending is None:
        sending = Sending(community=community, author=answering(by))
    else:
        sending = _locked(sending, State.DRAFTED, State.CHECKED)
    sending.title, sending.words, sending.advert = draft.title.strip(), draft.words.strip(), draft.advert
    sending.segment, sending.platforms, sending.due_at = draft.segment, sorted(draft.platforms), draft.due_at
    sending.pictures = [one.pk for one in _all_pictures(draft)]
    sending.state, sending.checked_hash, sending.counts_clicks = State.DRAFTED, "", draft.counts_clicks
    # Whoever wrote the last word must not be the one to release it.
    sending.author = answering(by)
    sending.save()
    set_uses("sending", sending.pk, materials=[*still_shown(sending), *draft.materials])
    sending.targets.all().delete()
    groups = sorted({group.pk for group in draft.groups})
    SendingGroup.objects.bulk_create(SendingGroup(sending=sending, group_id=pk) for pk in groups)
    _write(WRITE, sending, by=by, groups=groups, segment=draft.segment.pk if draft.segment else None)
    return sending


@transaction.atomic
def hand_in(sending: Sending, *, by: Holder) -> None:
    """Say that it is ready: what it says, to whom and when is fixed, and somebody else may release it."""
    _check_may(by, sending.community)
    found = _locked(sending, State.DRAFTED)
    found.state, found.checked_hash = State.CHECKED, hash_of_sending(found)
    found.save(update_fields=["state", "checked_hash"])
    _write(HAND_IN, found, by=by, hash=found.checked_hash)


@transaction.atomic
def give_back(sending: Sending, *, by: Holder) -> None:
    """Make a draft of what was handed in: by its author, or by who would release it."""
    if not may_send(by, sending.community) and not may_release(by, sending):
        raise NotAllowedError(_("Your roles do not include sending in “%(unit)s”.") % {"unit": sending.community.unit})
    found = _locked(sending, State.CHECKED)
    found.state, found.checked_hash = State.DRAFTED, ""
    found.save(update_fields=["state", "checked_hash"])
    _write(GIVE_BACK, found, by=by)


def release_sending(sending: Sending, *, by: Holder, seen: str) -> int:
    """Let it go: its deliveries are made and leave when they are due; how many.

    `seen` is the `checked_hash` of what was looked at. Raises QunyingError where it was
    changed since, or where whoever wrote it releases it.
    """
    if sending.author_id == answering(by).pk:
        raise NotAllowedError(_("You wrote this yourself. Somebody else who gives second reviews has to release it."))
    if not may_release(by, sending):
        raise NotAllowedError(_("Your roles do not include releasing what is sent here. Ask a second reviewer."))
    # Asking who is in a segment may take a second: longer than anybody may hold the only writer.
    now = timezone.now()
    wanted = wanted_of(sending, now)
    if not wanted:
        raise QunyingError(_("Nobody is there to be reached. Choose other groups or another segment."))
    return _release(sending, wanted, by=by, seen=seen, now=now)


@transaction.atomic
def _release(sending: Sending, wanted: Sequence[Wanted], *, by: Holder, seen: str, now: datetime) -> int:
    found = _locked(sending, State.CHECKED)
    fixed = seen and seen == found.checked_hash == hash_of_sending(found)
    if not fixed or found.author_id == answering(by).pk or any(one.content_hash != seen for one in wanted):
        raise QunyingError(_("“%(title)s” was changed since you looked. Read it again.") % {"title": found.title})
    found.state, found.released_by, found.released_at = State.GOING, answering(by), now
    found.save(update_fields=["state", "released_by", "released_at"])
    origin = Origin(ORIGIN, str(found.pk), found)
    if found.counts_clicks:
        wanted = with_short_links(wanted, found)
    made = plan_deliveries(wanted, community=found.community, origin=origin, at=now)
    _write(RELEASE, found, by=by, deliveries=made, hash=found.checked_hash)
    return made


@transaction.atomic
def cancel_sending(sending: Sending, *, by: Holder) -> int:
    """Call off what has not left yet; how many deliveries. What is on its way at this moment still arrives.

    Where a platform has something lie before a person, it is asked to take that back.
    """
    _check_may(by, sending.community)
    found = _locked(sending, State.DRAFTED, State.CHECKED, State.GOING)
    now = timezone.now()
    open_now = Delivery.objects.filter(sending=found, state__in=(Delivery.State.WAITING, Delivery.State.HAND))
    HandTask.objects.filter(delivery__in=open_now).delete()
    stopped = open_now.update(state=Delivery.State.CANCELLED, ended_at=now)
    HandTask.objects.filter(delivery__sending=found, delivery__state=Delivery.State.AWAITING).update(ask_at=None)
    found.state, found.ended_at = State.CANCELLED, now
    found.save(update_fields=["state", "ended_at"])
    _write(CANCEL, found, by=by, deliveries=stopped)
    return stopped


@transaction.atomic
def send_test(sending: Sending, *, to: Identity, by: Holder) -> None:
    """Send the words to one account of a colleague, to see them there; needs no second person, and no other goes."""
    _check_may(by, sending.community)
    if not to.member.is_staff:
        raise QunyingError(_("A test goes to a colleague. Mark the member as one of the team first."))
    now = timezone.now()
    wanted = Wanted(
        key=f"{sending.pk}:{to.pk}:{now:%Y%m%d%H%M%S%f}",
        action=Action.TELL,
        due_at=now,
        identity=to,
        words=sending.words,
        options=options_of(sending),
        content_hash=hash_of(sending.words),
    )
    origin = Origin(TEST_ORIGIN, str(sending.pk))
    plan_deliveries([wanted], community=sending.community, origin=origin, at=now)
    _write(TEST, sending, by=by, identity=to.pk)


@transaction.atomic
def set_measure(unit: Unit, measure: Measure, *, by: Holder) -> None:
    """Say how much may be sent in the unit and below, and which hours are quiet."""
    if not may_measure(by, unit):
        raise NotAllowedError(_("Your roles do not include the rules of “%(unit)s”.") % {"unit": unit.name})
    measure.unit = unit
    measure.full_clean(validate_unique=False)
    names = ("person_day", "person_week", "group_day", "group_week", "quiet_from", "quiet_until")
    values = {name: getattr(measure, name) for name in names}
    type(measure).objects.update_or_create(unit=unit, defaults=values)
    write_act(MEASURE, by=by, subject_type="unit", subject_id=unit.pk, details=values)


@transaction.atomic
def drop_measure(unit: Unit, *, by: Holder) -> None:
    """Take the unit's own measure away: that of the nearest unit above is in force again."""
    if not may_measure(by, unit):
        raise NotAllowedError(_("Your roles do not include the rules of “%(unit)s”.") % {"unit": unit.name})
    dropped, _kinds = Measure.objects.filter(unit=unit).delete()
    if not dropped:
        raise QunyingError(_("“%(unit)s” has no measure of its own.") % {"unit": unit.name})
    write_act(MEASURE_DROPPED, by=by, subject_type="unit", subject_id=unit.pk)


def _check_draft(draft: Draft, community: Community) -> None:
    if not draft.title.strip() or len(draft.title.strip()) > Sending.TITLE_LENGTH:
        raise QunyingError(_("A title has 1 to %(most)s characters.") % {"most": Sending.TITLE_LENGTH})
    if not draft.words.strip() or len(draft.words) > Sending.WORDS_LENGTH:
        raise QunyingError(_("A text has 1 to %(most)s characters.") % {"most": Sending.WORDS_LENGTH})
    if bool(draft.groups) == (draft.segment is not None):
        raise QunyingError(_("Choose groups, or a segment: one of the two."))
    if any(group.community_id != community.pk for group in draft.groups):
        raise QunyingError(_("One of the groups belongs to another community."))
    if draft.segment is not None and draft.segment.community_id not in {None, community.pk}:
        raise QunyingError(_("The segment belongs to another community."))


def _all_pictures(draft: Draft) -> list[StoredFile]:
    """Uploaded ones, then those of the library; each once."""
    files = [*draft.pictures, *(one.file for one in draft.materials if one.file is not None)]
    return list({one.pk: one for one in files}.values())


def _check_pictures(draft: Draft, community: Community, *, known: Collection[int]) -> None:
    if len(_all_pictures(draft)) > MOST_PICTURES:
        raise QunyingError(_("A sending has at most %(most)d pictures.") % {"most": MOST_PICTURES})
    new = [one for one in draft.pictures if one.pk not in known]
    if any(one.unit_id != community.unit_id or one.purpose != PURPOSE for one in new):
        raise QunyingError(_("One of the pictures was not uploaded for this community. Upload it again."))


def _locked(sending: Sending, *states: State) -> Sending:
    found = Sending.objects.select_for_update(of=("self",)).select_related("community__unit").get(pk=sending.pk)
    if found.state not in states:
        words = _("“%(title)s” stands at “%(state)s” by now. Load the page again.")
        raise QunyingError(words % {"title": found.title, "state": found.get_state_display()})
    return found


def _check_may(by: Actor, community: Community) -> None:
    if isinstance(by, Staff | ApiKey) and not may_send(by, community):
        raise NotAllowedError(_("Your roles do not include sending in “%(unit)s”.") % {"unit": community.unit.name})


def _write(verb: str, sending: Sending, *, by: Actor, **details: object) -> None:
    write_act(verb, by=by, subject_type="sending", subject_id=sending.pk, details=details)
