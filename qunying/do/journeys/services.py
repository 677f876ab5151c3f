"""Verbs on journeys: writing, handing in, releasing, pausing, ending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.do.journeys.endings import end_all
from qunying.do.journeys.models import Journey, Traveller, Version
from qunying.do.journeys.port import all_problems
from qunying.do.journeys.reading import hash_of_definition, read_definition
from qunying.do.journeys.reasons import ENDED
from qunying.do.journeys.rules import may_release, may_run
from qunying.do.reach.rules import answering
from qunying.ground.access.models import ApiKey, Staff
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.errors import NotAllowedError, QunyingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qunying.ground.access.models import Holder
    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community

WRITE = declare_verb("journeys.write", gettext_lazy("A journey was written or changed."))
HAND_IN = declare_verb("journeys.hand_in", gettext_lazy("A journey was handed in for release."))
GIVE_BACK = declare_verb("journeys.give_back", gettext_lazy("A journey was given back to be changed."))
RELEASE = declare_verb("journeys.release", gettext_lazy("A journey was released."))
PAUSE = declare_verb("journeys.pause", gettext_lazy("A journey was paused."))
RESUME = declare_verb("journeys.resume", gettext_lazy("A paused journey goes on."))
END = declare_verb("journeys.end", gettext_lazy("A journey was ended for everybody."))
DISCARD = declare_verb("journeys.discard", gettext_lazy("The draft of a journey was thrown away."))
RENAME = declare_verb("journeys.rename", gettext_lazy("A journey was given another name."))
ARCHIVE = declare_verb("journeys.archive", gettext_lazy("A journey that has ended was put away."))
UNARCHIVE = declare_verb("journeys.unarchive", gettext_lazy("A journey that was put away stands in the list again."))

State = Journey.State


@transaction.atomic
def make_journey(
    community: Community, *, name: str, definition: Mapping[str, Any], by: Actor, key: str = ""
) -> Journey:
    """Make a journey with its first draft; raises QunyingError (StepError where a step is wrong)."""
    _check_may(by, community)
    return draft_journey(community, name=name, definition=definition, by=by, key=key)


@transaction.atomic
def draft_journey(
    community: Community, *, name: str, definition: Mapping[str, Any], by: Actor, key: str = ""
) -> Journey:
    """The same for who has asked already whether they may: a playbook that is applied."""
    journey = Journey(community=community, name=_tidy(name), key=key, author=_person(by))
    journey.save()
    _write_draft(journey, definition, by=by)
    return journey


@transaction.atomic
def redraft_journey(journey: Journey, *, name: str, definition: Mapping[str, Any], by: Actor) -> None:
    """Write the draft of a journey that never ran anew, for a playbook that has changed."""
    journey.name = _tidy(name)
    journey.save(update_fields=["name"])
    _write_draft(journey, definition, by=by)


@transaction.atomic
def drop_journey(journey: Journey, *, by: Actor) -> None:
    """Throw a journey away that never ran, for a playbook that is taken back."""
    _write(DISCARD, journey, by=by)
    journey.delete()


@transaction.atomic
def write_version(journey: Journey, *, definition: Mapping[str, Any], by: Actor, name: str | None = None) -> Version:
    """Change the draft of a journey, or begin one beside what runs; nothing that was handed in stays so."""
    found = _locked(journey, State.DRAFT, State.RUNNING, State.PAUSED, by=by)
    if name is not None and _tidy(name) != found.name:
        found.name = _tidy(name)
        found.save(update_fields=["name"])
    return _write_draft(found, definition, by=by)


@transaction.atomic
def rename_journey(journey: Journey, *, name: str, by: Actor) -> None:
    """Call it something else; what it says, and who released that, stays."""
    found = _locked(journey, *State, by=by)
    before, found.name = found.name, _tidy(name)
    if found.name != before:
        found.save(update_fields=["name"])
        _write(RENAME, found, by=by, before=before, name=found.name)


@transaction.atomic
def archive_journey(journey: Journey, *, by: Actor) -> None:
    """Put one that has ended away: it stands in no list any more."""
    found = _locked(journey, State.ENDED, by=by)
    if found.archived_at is None:
        found.archived_at = timezone.now()
        found.save(update_fields=["archived_at"])
        _write(ARCHIVE, found, by=by)


@transaction.atomic
def unarchive_journey(journey: Journey, *, by: Actor) -> None:
    """Have it stand in the list again; it stays ended."""
    found = _locked(journey, State.ENDED, by=by)
    if found.archived_at is not None:
        found.archived_at = None
        found.save(update_fields=["archived_at"])
        _write(UNARCHIVE, found, by=by)


@transaction.atomic
def discard_draft(journey: Journey, *, by: Actor) -> None:
    """Throw the draft away; a journey that never ran goes with it."""
    found = _locked(journey, State.DRAFT, State.RUNNING, State.PAUSED, by=by)
    if not found.versions.filter(state=Version.State.DRAFT).exists():
        raise QunyingError(_("There is no draft of this journey any more. Load the page again."))
    _write(DISCARD, found, by=by)
    found.versions.filter(state=Version.State.DRAFT).delete()
    if found.state == State.DRAFT:
        found.delete()


@transaction.atomic
def hand_in_version(version: Version, *, by: Actor) -> None:
    """Say that the draft is ready: somebody else may release it. Raises QunyingError where checks find something."""
    found = _locked(version.journey, State.DRAFT, State.RUNNING, State.PAUSED, by=by)
    draft = _draft_of(found, version)
    _check_sound(draft, found.community)
    draft.handed_in_at = timezone.now()
    draft.save(update_fields=["handed_in_at"])
    _write(HAND_IN, found, by=by, version=draft.number, hash=draft.content_hash)


@transaction.atomic
def give_back_version(version: Version, *, by: Holder) -> None:
    """Make a draft of what was handed in: by who may write it, or who would release it."""
    found = Journey.objects.select_for_update(of=("self",)).select_related("community__unit").get(pk=version.journey_id)
    if not may_run(by, found.community) and not may_release(by, version):
        raise NotAllowedError(_no_role(found.community))
    draft = _draft_of(found, version)
    draft.handed_in_at = None
    draft.save(update_fields=["handed_in_at"])
    _write(GIVE_BACK, found, by=by, version=draft.number)


@transaction.atomic
def release_version(version: Version, *, by: Holder, seen: str) -> None:
    """Let it run: whoever begins from now on goes this version, who is under way finishes on theirs.

    `seen` is the `content_hash` of what was looked at. Raises QunyingError where it was changed since or is not
    handed in, where checks find something, or where whoever wrote it releases it.
    """
    rows = Journey.objects.select_for_update(of=("self",)).select_related("community__unit")
    journey = rows.get(pk=version.journey_id)
    draft = _draft_of(journey, version)
    if draft.author_id == answering(by).pk:
        raise NotAllowedError(_("You wrote this yourself. Somebody else who gives second reviews has to release it."))
    if not may_release(by, draft):
        raise NotAllowedError(_("Your roles do not include releasing what is sent here. Ask a second reviewer."))
    fixed = seen == draft.content_hash == hash_of_definition(draft.definition)
    if not fixed or draft.handed_in_at is None or journey.state == State.ENDED:
        raise QunyingError(_("“%(title)s” was changed since you looked. Read it again.") % {"title": journey.name})
    _check_sound(draft, journey.community)
    journey.versions.filter(state=Version.State.RELEASED).update(state=Version.State.REPLACED)
    draft.state, draft.released_by, draft.released_at = Version.State.RELEASED, answering(by), timezone.now()
    draft.save(update_fields=["state", "released_by", "released_at"])
    if journey.state == State.DRAFT:
        journey.state = State.RUNNING
    # Another segment may set it off now: who is in it today is looked at afresh.
    journey.looked_at = None
    journey.save(update_fields=["state", "looked_at"])
    _write(RELEASE, journey, by=by, version=draft.number, hash=draft.content_hash)


@transaction.atomic
def pause_journey(journey: Journey, *, by: Actor) -> None:
    """Hold everything: nobody begins, nobody goes on, and what waits to leave stays until it goes on."""
    found = _locked(journey, State.RUNNING, by=by)
    found.state = State.PAUSED
    found.save(update_fields=["state"])
    _write(PAUSE, found, by=by)


@transaction.atomic
def resume_journey(journey: Journey, *, by: Actor) -> None:
    """Go on: steps that fell due meanwhile are due now. What set nobody off in the pause is not made up for."""
    found = _locked(journey, State.PAUSED, by=by)
    found.state, found.looked_at = State.RUNNING, None
    found.save(update_fields=["state", "looked_at"])
    _write(RESUME, found, by=by)


@transaction.atomic
def end_journey(journey: Journey, *, by: Actor) -> int:
    """End it for good, for everybody on it; how many those were. What has not left does not leave."""
    found = _locked(journey, State.DRAFT, State.RUNNING, State.PAUSED, by=by)
    now = timezone.now()
    found.state, found.ended_at = State.ENDED, now
    found.save(update_fields=["state", "ended_at"])
    found.versions.filter(state=Version.State.DRAFT).delete()
    on_it = found.travellers.filter(state=Traveller.State.UNDER_WAY)
    stopped = end_all(on_it, Traveller.State.STOPPED, why=ENDED, now=now)
    _write(END, found, by=by, travellers=stopped)
    return stopped


def _write_draft(journey: Journey, definition: Mapping[str, Any], *, by: Actor) -> Version:
    plain = read_definition(dict(definition)).plain()
    draft = journey.versions.filter(state=Version.State.DRAFT).first()
    if draft is None:
        last = journey.versions.first()
        draft = Version(journey=journey, number=last.number + 1 if last else 1)
    draft.definition, draft.content_hash, draft.handed_in_at = plain, hash_of_definition(plain), None
    # Whoever wrote the last word must not be the one to release it.
    draft.author = _person(by)
    draft.save()
    _write(WRITE, journey, by=by, version=draft.number, hash=draft.content_hash)
    return draft


def _draft_of(journey: Journey, version: Version) -> Version:
    found = journey.versions.filter(pk=version.pk, state=Version.State.DRAFT).first()
    if found is None:
        raise QunyingError(_("“%(title)s” was changed since you looked. Read it again.") % {"title": journey.name})
    # The community hangs on the row that was locked, not on another copy of it.
    found.journey = journey
    return found


def _check_sound(version: Version, community: Community) -> None:
    definition = read_definition(version.definition)
    if not definition.steps:
        raise QunyingError(_("A journey needs at least one step."))
    problems = all_problems(definition, community=community)
    if problems:
        told = {"count": len(problems), "first": problems[0].words}
        raise QunyingError(_("Something is still wrong (%(count)d): %(first)s") % told)


def _locked(journey: Journey, *states: State, by: Actor) -> Journey:
    rows = Journey.objects.select_for_update(of=("self",)).select_related("community__unit")
    found = rows.get(pk=journey.pk)
    _check_may(by, found.community)
    if found.state not in states:
        words = _("“%(title)s” stands at “%(state)s” by now. Load the page again.")
        raise QunyingError(words % {"title": found.name, "state": found.get_state_display()})
    return found


def _tidy(name: str) -> str:
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > Journey.NAME_LENGTH:
        raise QunyingError(_("A name has 1 to %(most)s characters.") % {"most": Journey.NAME_LENGTH})
    return tidy


def _person(by: Actor) -> Staff | None:
    """Who answers for it: what a key writes, its owner has written; None for the system."""
    return answering(by) if isinstance(by, Staff | ApiKey) else None


def _check_may(by: Actor, community: Community) -> None:
    if isinstance(by, Staff | ApiKey) and not may_run(by, community):
        raise NotAllowedError(_no_role(community))


def _no_role(community: Community) -> str:
    return _("Your roles do not include sending in “%(unit)s”.") % {"unit": community.unit.name}


def _write(verb: str, journey: Journey, *, by: Actor, **details: object) -> None:
    write_act(verb, by=by, subject_type="journey", subject_id=journey.pk, details=details)
