"""Verbs on newer versions of a playbook that stands: draft the difference, apply it, decline it."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.audit.verbs import declare_verb
from qunying.kit.errors import QunyingError
from qunying.plan.playbooks.differences import Kind
from qunying.plan.playbooks.drafts import occasion_of
from qunying.plan.playbooks.models import Application
from qunying.plan.playbooks.offers import content_offered, offer_for, steps_of
from qunying.plan.playbooks.sections import live_sections, spread_lines
from qunying.plan.playbooks.services import apply_playbook, check_fits, locked, write

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor
    from qunying.plan.playbooks.offers import Step
    from qunying.plan.playbooks.sections import Line, Made, Section
    from qunying.plan.playbooks.variants import Content

FOLLOW = declare_verb("playbooks.follow", gettext_lazy("A newer version of a playbook was drafted for a community."))
UPDATE = declare_verb("playbooks.update", gettext_lazy("A newer version of a playbook was applied to a community."))
DECLINE = declare_verb("playbooks.decline", gettext_lazy("A newer version of a playbook was declined."))

State = Application.State


@transaction.atomic
def draft_update(application: Application, *, by: Actor) -> Application:
    """Lay before the community what is offered to a playbook that stands; the same draft again where one lies there.

    What was edited in the first review stays edited. Raises QunyingError where nothing is offered.
    """
    application = locked(application, State.APPLIED)
    offer = offer_for(application)
    if offer is None:
        raise QunyingError(_("There is nothing newer than what stands here."))
    waiting = Application.objects.filter(follows=application, state=State.DRAFT, version=offer.playbook.version).first()
    if waiting is not None:
        return waiting
    content = content_offered(application, offer)
    check_fits(content)
    draft = Application.objects.create(
        community=application.community,
        playbook=application.playbook,
        version=offer.playbook.version,
        text=offer.playbook.text,
        digest=sha256(offer.playbook.text.encode()).hexdigest(),
        start=application.start,
        content=content,
        original=offer.playbook.content,
        left_out=application.left_out,
        follows=application,
        drafted_at=timezone.now(),
        drafted_by=by.actor_key,
    )
    write(FOLLOW, draft, by=by, follows=application.pk, digest=draft.digest)
    return draft


@transaction.atomic
def decline_offer(application: Application, *, by: Actor) -> Application:
    """Say no to what is offered now; a later version is offered again. Raises QunyingError where nothing is."""
    application = locked(application, State.APPLIED)
    offer = offer_for(application)
    if offer is None:
        raise QunyingError(_("There is nothing newer than what stands here."))
    application.declined = offer.key
    application.save(update_fields=["declined"])
    write(DECLINE, application, by=by, offered=offer.key)
    return application


@transaction.atomic
def apply_draft(draft: Application, *, by: Actor) -> Application:
    """Apply a draft: a first one makes everything, one that follows makes, changes and removes the difference."""
    return apply_update(draft, by=by) if draft.follows_id is not None else apply_playbook(draft, by=by)


@transaction.atomic
def apply_update(draft: Application, *, by: Actor) -> Application:
    """Make the difference real, as far as it is wanted and nobody has made the things theirs; all of it or nothing.

    The draft takes over everything the standing one made, which is replaced. Raises QunyingError where either
    has gone on meanwhile, or with the section's own sentence.
    """
    draft = locked(draft, State.DRAFT)
    if draft.follows is None:
        raise QunyingError(_("This draft follows nothing."))
    standing = locked(draft.follows, State.APPLIED)
    steps = steps_of(draft, standing)
    done = [step for step in steps if not step.stays and step.name not in draft.left_out]
    made = {(row["section"], row["key"]): row for row in standing.made}
    for section in live_sections():
        _carry_out(section, [step for step in done if step.section.name == section.name], draft, made, by=by)
    left = {step.name for step in steps if step not in done and step.difference.kind != Kind.NEW}
    draft.content = _as_it_stands(draft.content, standing.content, [step for step in steps if step.name in left])
    draft.left_out = sorted(set(draft.left_out) - left)
    standing.state = State.REPLACED
    standing.save(update_fields=["state"])
    draft.made, draft.live = list(made.values()), [section.name for section in live_sections()]
    draft.state, draft.applied_at, draft.applied_by = State.APPLIED, timezone.now(), by.actor_key
    draft.save()
    write(UPDATE, draft, by=by, follows=standing.pk, done=len(done), left=len(steps) - len(done))
    return draft


def _carry_out(
    section: Section, steps: list[Step], draft: Application, made: dict[tuple[str, str], dict[str, Any]], *, by: Actor
) -> None:
    """Change, make and remove the things of one section, and keep count of what there is."""
    occasion = occasion_of(draft)
    lines = {
        line.key: line
        for line in section.draft([s.difference.item for s in steps if s.difference.kind != Kind.GONE], occasion)
    }
    new: list[Line] = []
    gone: list[Made] = []
    for step in steps:
        line = lines.get(step.difference.key)
        wanted = {one.key: one for one in spread_lines(section, [line], occasion)} if line else {}
        for one in step.untouched:
            if one.key in wanted and section.amend is not None:
                _note(made, section, section.amend(wanted[one.key], one, occasion, by=by))
            else:
                gone.append(one)
        stands = {one.key for one in step.made}
        new += [one for key, one in wanted.items() if key not in stands]
    if gone:
        section.remove(gone, draft.community, by=by)
    for one in gone:
        made.pop((section.name, one.key))
    for one in section.make(new, occasion, by=by) if new else []:
        _note(made, section, one)


def _note(made: dict[tuple[str, str], dict[str, Any]], section: Section, one: Made) -> None:
    row = {"section": section.name, "key": one.key, "title": one.title, "ref": dict(one.ref)}
    made[section.name, one.key] = row


def _as_it_stands(content: Content, before: Content, left: list[Step]) -> Content:
    """The content with the old item for each thing that was left as it is."""
    told = dict(content)
    for step in left:
        name, key = step.section.name, step.difference.key
        old = next((item for item in before.get(name) or [] if item["key"] == key), None)
        items = list(told.get(name) or [])
        if old is not None and step.difference.kind == Kind.CHANGED:
            told[name] = [old if item["key"] == key else item for item in items]
        elif old is not None:
            told[name] = [*items, old]
    return told
