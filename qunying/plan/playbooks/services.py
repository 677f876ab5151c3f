"""Verbs on playbooks in communities: draft, revise, apply, undo."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.errors import QunyingError
from qunying.kit.saying import say
from qunying.plan.playbooks.drafts import edited, items_of, line_name, occasion_of, wanted_lines
from qunying.plan.playbooks.lint import check_content, check_items
from qunying.plan.playbooks.models import Application
from qunying.plan.playbooks.queries import applied_named
from qunying.plan.playbooks.sections import Item, Made, Section, live_sections, section_named, spread_lines

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community
    from qunying.plan.playbooks.shelf import Playbook

DRAFT = declare_verb("playbooks.draft", gettext_lazy("A playbook was drafted for a community."))
REVISE = declare_verb("playbooks.revise", gettext_lazy("The draft of a playbook was changed."))
DISCARD = declare_verb("playbooks.discard", gettext_lazy("The draft of a playbook was thrown away."))
APPLY = declare_verb("playbooks.apply", gettext_lazy("A playbook was applied to a community."))
UNDO = declare_verb("playbooks.undo", gettext_lazy("A playbook was taken back from a community."))

State = Application.State


@transaction.atomic
def draft_playbook(community: Community, *, playbook: Playbook, start: date, by: Actor) -> Application:
    """Lay a playbook before a community for review; nothing is made of it yet.

    `start` is the local day from which its lengths of time count. Raises QunyingError where a part of it does not
    fit: it was kept while that part was waiting for its app.
    """
    check_fits(playbook.content)
    application = Application.objects.create(
        community=community,
        playbook=playbook.name,
        version=playbook.version,
        text=playbook.text,
        digest=sha256(playbook.text.encode()).hexdigest(),
        start=start,
        content=playbook.content,
        original=playbook.content,
        drafted_at=timezone.now(),
        drafted_by=by.actor_key,
    )
    write(DRAFT, application, by=by, digest=application.digest)
    return application


@transaction.atomic
def revise_draft(
    application: Application, *, start: date, left_out: set[str], values: Mapping[str, Mapping[str, str]], by: Actor
) -> Application:
    """Change a draft: its first day, the lines left out (“goals/first-month”), texts typed into fields by line.

    Raises QunyingError naming the line where a text does not fit; nothing is changed then.
    """
    application = locked(application, State.DRAFT)
    for section in live_sections():
        items = items_of(application, section)
        if items:
            changed = [edited(item, section, values.get(line_name(section.name, item["key"]), {})) for item in items]
            application.content[section.name] = _checked(section, changed)
    application.start = start
    application.left_out = sorted(left_out & _lines_of(application))
    application.save(update_fields=["content", "start", "left_out"])
    write(REVISE, application, by=by, left_out=len(application.left_out))
    return application


@transaction.atomic
def discard_draft(application: Application, *, by: Actor) -> None:
    """Throw a draft away; what was applied is undone instead."""
    application = locked(application, State.DRAFT)
    write(DISCARD, application, by=by)
    application.delete()


@transaction.atomic
def apply_playbook(application: Application, *, by: Actor) -> Application:
    """Make everything the draft says, all of it or, where one thing cannot be made, nothing.

    Raises QunyingError where it is no draft any more, where this playbook stands in the community
    already, where every line was left out, or with the section's own sentence.
    """
    application = locked(application, State.DRAFT)
    if application.follows_id is not None:
        raise QunyingError(_("This draft follows a playbook that stands. Open it again and apply the difference."))
    if applied_named(application.community, application.playbook) is not None:
        raise QunyingError(_("This playbook stands in the community already. Undo it before you apply it again."))
    made = [row for section in live_sections() for row in _make(application, section, by=by)]
    if not made:
        raise QunyingError(_("Every line is left out: nothing would be made. Keep at least one line."))
    application.made, application.live = made, [section.name for section in live_sections()]
    application.state, application.applied_at, application.applied_by = State.APPLIED, timezone.now(), by.actor_key
    application.save(update_fields=["made", "live", "state", "applied_at", "applied_by"])
    write(APPLY, application, by=by, digest=application.digest, made=len(made))
    return application


@transaction.atomic
def apply_at_once(community: Community, *, playbook: Playbook, start: date, by: Actor) -> Application:
    """Draft and apply without a review, for the command line; raises what the two raise, and then nothing is left."""
    return apply_playbook(draft_playbook(community, playbook=playbook, start=start, by=by), by=by)


@transaction.atomic
def undo_playbook(application: Application, *, by: Actor) -> Application:
    """Take back what a playbook made, as far as nobody has worked on it since; the rest stays and is named."""
    application = locked(application, State.APPLIED)
    kept = what_stays(application)
    stays = {line_name(row["section"], row["key"]) for row in kept}
    for section in reversed(live_sections()):
        gone = [made for made in made_of(application, section) if line_name(section.name, made.key) not in stays]
        if gone:
            section.remove(gone, application.community, by=by)
    application.kept = kept
    application.state, application.undone_at, application.undone_by = State.UNDONE, timezone.now(), by.actor_key
    application.save(update_fields=["kept", "state", "undone_at", "undone_by"])
    write(UNDO, application, by=by, removed=len(application.made) - len(kept), kept=len(kept))
    return application


def check_fits(content: dict[str, Any]) -> None:
    """Raise QunyingError with the first fault of a whole playbook, if it has one."""
    problems = check_content(content)
    if problems:
        place = "/".join(str(part) for part in problems[0].path)
        words = _("The playbook does not fit any more. %(place)s: %(message)s")
        raise QunyingError(words % {"place": place, "message": problems[0].message})


def what_stays(application: Application) -> list[dict[str, Any]]:
    """What undoing would leave, because people have changed it since: section, key, title and reason of each."""
    stays = []
    for name in dict.fromkeys(row["section"] for row in application.made):
        section = section_named(name)
        changed = section.changed(made_of(application, section), application.community) if section else {}
        stays += [
            {**row, "reason": str(changed[row["key"]])}
            for row in application.made
            if row["section"] == name and row["key"] in changed
        ]
    return [{name: row[name] for name in ("section", "key", "title", "reason")} for row in stays]


def _make(application: Application, section: Section, *, by: Actor) -> list[dict[str, Any]]:
    lines = wanted_lines(application, section)
    if not lines:
        return []
    occasion = occasion_of(application)
    return [
        {"section": section.name, "key": made.key, "title": made.title, "ref": dict(made.ref)}
        for made in section.make(spread_lines(section, lines, occasion), occasion, by=by)
    ]


def made_of(application: Application, section: Section) -> list[Made]:
    """What an application made of a section."""
    return [Made(row["key"], row["title"], row["ref"]) for row in application.made if row["section"] == section.name]


def _checked(section: Section, items: list[Item]) -> list[Item]:
    problems = check_items(section.name, items)
    if problems:
        index = problems[0].path[0] if problems[0].path else 0
        item = items[index] if isinstance(index, int) and index < len(items) else {}
        given = {"title": say(item.get("title")) or item.get("key", ""), "message": problems[0].message}
        raise QunyingError(_("“%(title)s”: %(message)s") % given)
    return items


def _lines_of(application: Application) -> set[str]:
    """Every line there may be, those of what it follows too: a newer version leaves some out."""
    contents = [application.content, *([application.follows.content] if application.follows else [])]
    return {
        line_name(section.name, item["key"])
        for section in live_sections()
        for content in contents
        for item in content.get(section.name) or []
    }


def locked(application: Application, state: str) -> Application:
    """The row as it stands now, held until the transaction ends; raises QunyingError where it is not in this state."""
    fresh = Application.objects.select_for_update().filter(pk=application.pk).first()
    if fresh is None or fresh.state != state:
        raise QunyingError(_("Somebody has gone on with this playbook meanwhile. Open it again to see how it stands."))
    return fresh


def write(verb: str, application: Application, *, by: Actor, **details: Any) -> None:
    """Write an act about an application into the audit, with what it is and where."""
    known = {"community": application.community_id, "playbook": application.playbook, "version": application.version}
    write_act(verb, by=by, subject_type="application", subject_id=application.pk, details={**known, **details})
