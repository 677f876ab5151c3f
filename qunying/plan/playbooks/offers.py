"""What a playbook that stands is offered: a newer version from the shelf, and parts that have come alive since."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.plan.playbooks.differences import Difference, Kind, carry_over, compare, version_key
from qunying.plan.playbooks.drafts import Drafted, Part, drafted_line, line_name, occasion_of
from qunying.plan.playbooks.models import Application
from qunying.plan.playbooks.own import find_playbook
from qunying.plan.playbooks.sections import Line, item_key, live_sections
from qunying.plan.playbooks.services import made_of
from qunying.plan.playbooks.shelf import Playbook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qunying.plan.playbooks.sections import Made, Section
    from qunying.plan.playbooks.variants import Content


@dataclass(frozen=True, slots=True)
class Offer:
    """A playbook to follow: `newer` than the one that stands, or the same with parts that are live by now."""

    playbook: Playbook
    newer: bool
    woken: list[str]

    @property
    def key(self) -> str:
        """What declining is remembered by: the version and the parts."""
        return " ".join([self.playbook.version, *self.woken])[:200]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a draft that follows would do; `stays` says why it will not: people have made it theirs."""

    section: Section
    difference: Difference
    made: tuple[Made, ...] = ()
    """What stands of the item: one thing, or one for each time where it comes round again."""
    touched: Mapping[str, str] = field(default_factory=dict)
    """Key of a thing made → why it stays, for those that people have made theirs."""
    stays: str = ""

    @property
    def untouched(self) -> list[Made]:
        """What is left as it was made."""
        return [one for one in self.made if one.key not in self.touched]

    @property
    def name(self) -> str:
        """How the line is called in the form."""
        return line_name(self.section.name, self.difference.key)


def offer_for(application: Application) -> Offer | None:
    """What an applied playbook is offered now; None for nothing, or for what somebody has declined."""
    if application.state != Application.State.APPLIED:
        return None
    found = find_playbook(application.playbook)
    newer = found is not None and version_key(found.version) > version_key(application.version)
    book = found if found is not None and newer else Playbook(application.text, application.original)
    offer = Offer(book, newer, _woken(application, book.content))
    return offer if (newer or offer.woken) and offer.key != application.declined else None


def _woken(application: Application, content: Content) -> list[str]:
    """Live parts that waited when it was applied, and of which it has something to say."""
    waited = [section.name for section in live_sections() if section.name not in application.live]
    return [name for name in waited if content.get(name)]


def content_offered(application: Application, offer: Offer) -> Content:
    """The whole content it would follow, with what was edited in the review of the standing one."""
    return carry_over(application.original, application.content, offer.playbook.content)


def differences_offered(application: Application, offer: Offer) -> list[Difference]:
    """What is different in it from what stands; parts that waited count as new."""
    return compare(standing_content(application), content_offered(application, offer))


def standing_content(application: Application) -> Content:
    """What stands of a playbook: without the parts that were waiting when it was applied and are live by now."""
    live = {section.name for section in live_sections()} - set(application.live)
    return {name: value for name, value in application.content.items() if name not in live}


def steps_of(draft: Application, standing: Application) -> list[Step]:
    """What applying a draft would do to what the standing one made, section by section."""
    found = []
    differences = compare(standing_content(standing), draft.content)
    for section in live_sections():
        made: dict[str, list[Made]] = {}
        for one in made_of(standing, section):
            made.setdefault(item_key(one.key), []).append(one)
        touched = section.changed(made_of(standing, section), standing.community)
        for difference in differences:
            if difference.part == section.name and (difference.kind == Kind.NEW or difference.key in made):
                mine = made.get(difference.key, []) if difference.kind != Kind.NEW else []
                found.append(_step(section, difference, mine, touched))
    return found


def _step(section: Section, difference: Difference, made: list[Made], touched: Mapping[str, str]) -> Step:
    """The step for one item; it stays where people have made all of it theirs, or nobody can change it."""
    kept = {one.key: str(touched[one.key]) for one in made if one.key in touched}
    stays = next(iter(kept.values())) if made and len(kept) == len(made) else ""
    if difference.kind == Kind.CHANGED and section.amend is None:
        stays = stays or _("Qunying cannot change it by itself.")
    return Step(section, difference, tuple(made), kept, stays)


def update_parts(draft: Application, standing: Application) -> list[Part]:
    """The review of a draft that follows: only what is new, changed or gone, each with what would happen."""
    occasion, out = occasion_of(draft), set(draft.left_out)
    parts = []
    steps = steps_of(draft, standing)
    for section in live_sections():
        mine = [step for step in steps if step.section.name == section.name]
        items = [step.difference.item for step in mine if step.difference.kind != Kind.GONE]
        lines = {line.key: line for line in section.draft(items, occasion)}
        drafted = [_drafted(step, lines, out) for step in mine]
        if drafted:
            parts.append(Part(section.name, section.label, drafted))
    return parts


def _drafted(step: Step, lines: dict[str, Line], out: set[str]) -> Drafted:
    difference = step.difference
    line = lines.get(difference.key) or Line(difference.key, difference.title, item=difference.item)
    detail = " · ".join(part for part in (line.detail, _kept_words(step)) if part)
    drafted = drafted_line(step.section, replace(line, parent="", detail=detail), out)
    return replace(
        drafted,
        wanted=drafted.wanted and not step.stays,
        values=drafted.values if difference.kind == Kind.NEW else [],
        difference=difference,
        stays=step.stays,
    )


def _kept_words(step: Step) -> str:
    """How many times of something that comes round again stay, where the rest follows."""
    kept, all_ = len(step.touched), len(step.made)
    if step.stays or not kept:
        return ""
    words = _("%(kept)s of %(all)s times stay, for people have done or changed them")
    return words % {"kept": kept, "all": all_}


def follower_of(application: Application) -> Application | None:
    """The draft, or the applied one, that follows this; None where there is none."""
    return Application.objects.filter(follows=application).order_by("-pk").first()
