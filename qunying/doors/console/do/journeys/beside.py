"""The numbers beside the steps of a flow: what became of them, or what would have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunying.do.journeys.definition import Say, Welcome
from qunying.do.journeys.figures import Share
from qunying.doors.console.do.journeys.flow import Told
from qunying.kit.formats import day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from qunying.do.journeys.definition import Definition, Step
    from qunying.do.journeys.figures import StepFigures
    from qunying.do.journeys.simulation import StepTrial, Trial


def figures_beside(definition: Definition, found: Mapping[str, StepFigures]) -> dict[str, list[Told]]:
    """What became of each step that anybody has met, by its id."""
    return {step.id: _figures(step, found[step.id]) for step in definition.all_steps() if step.id in found}


def _figures(step: Step, one: StepFigures) -> list[Told]:
    told = [Told(_("Arrived here"), one.arrived)]
    if isinstance(step, Say | Welcome):
        told.append(_share(pgettext("passage", "Sent"), one.sent))
        for label, share in (
            (pgettext("passage", "Held back"), one.held),
            (pgettext("passage", "Refused"), one.refused),
            (pgettext("passage", "Unknown"), one.unsure),
        ):
            told += [_share(label, share)] if share.part else []
    told.append(_share(_("Moved on"), one.moved_on))
    for label, share in ((_("Goal reached here"), one.goal), (_("Left here"), one.dropped)):
        told += [_share(label, share)] if share.part else []
    return told


def _share(label: str, share: Share) -> Told:
    return Told(label, share.part, share.rate, share.whole)


def taken_beside(found: Mapping[str, StepFigures]) -> dict[str, tuple[int, int]]:
    """How many took the first and the second way at each step that asks."""
    return {name: (one.yes.part, one.no.part) for name, one in found.items() if one.yes.whole}


def trial_beside(definition: Definition, trial: Trial) -> dict[str, list[Told]]:
    """What would have become of each step, by its id; steps nobody would have come to say so by a nought."""
    return {step.id: _trial(step, trial.steps.get(step.id)) for step in definition.all_steps()}


def _trial(step: Step, one: StepTrial | None) -> list[Told]:
    told = [Told(_("Would have arrived"), one.arrived if one else 0)]
    if one is None or not isinstance(step, Say | Welcome):
        return told
    asked = one.by_itself + one.by_hand + one.held_back + one.refused
    for label, count in (
        (_("By itself"), one.by_itself),
        (_("By hand"), one.by_hand),
        (pgettext("passage", "Held back"), one.held_back),
        (pgettext("passage", "Refused"), one.refused),
        (_("In the morning instead of at night"), one.moved),
    ):
        told += [_share(label, Share(count, asked))] if count else []
    return told


def trial_names(definition: Definition, trial: Trial, zone: ZoneInfo, *, see_members: bool) -> dict[str, str]:
    """The first members at each step that says something, with the day; nothing for those who may not see members."""
    if not see_members:
        return {}
    saying = {step.id for step in definition.all_steps() if isinstance(step, Say | Welcome)}
    return {
        name: _("Such as %(names)s")
        % {
            "names": pgettext("names", ", ").join(
                _("%(name)s (%(day)s)")
                % {"name": trial.names.get(member, ""), "day": day(at.astimezone(zone).date(), weekday=False)}
                for member, at in one.examples[:3]
            )
        }
        for name, one in trial.steps.items()
        if one.examples and name in saying
    }
