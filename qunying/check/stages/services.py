"""Recognising stages, and saying which it is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.check.stages.models import Stage, StageMark, StageProposal
from qunying.check.stages.queries import marks_of, proposal_of
from qunying.check.stages.recognition import evidence_of, stage_from
from qunying.ground.access.models import Staff
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.events.models import Event
from qunying.ground.events.spans import fact_span
from qunying.ground.groups.models import Community
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from datetime import date

    from qunying.ground.audit.actors import Actor

SET = declare_verb("stages.set", gettext_lazy("Somebody said which stage of its life a community is in."))

_A_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)
_AT_ONCE = 2


def recognise(community: Community, *, day: date | None = None) -> StageProposal | None:
    """Read the stage from the figures as of `day` (yesterday, or the last day with facts); None without facts."""
    zone = ZoneInfo(community.timezone)
    span = fact_span([community.pk])
    if span is None:
        return None
    first, last = (at.astimezone(zone).date() for at in span)
    day = max(first, min(day or timezone.localdate(timezone=zone) - _DAY, last))
    seen = evidence_of(community, first=first, day=day)
    defaults = {"stage": stage_from(seen), "day": day, "looked": _today(community), "evidence": seen.plain()}
    proposal, _made = StageProposal.objects.update_or_create(community=community, defaults=defaults)
    return proposal


def _today(community: Community) -> date:
    return timezone.localdate(timezone=ZoneInfo(community.timezone))


def recognise_some() -> int:
    """Look at a few communities with facts not looked at for a week; how many that were."""
    fresh = StageProposal.objects.filter(community=OuterRef("pk"), looked__gt=timezone.localdate() - _A_WEEK)
    facts = Event.objects.filter(community=OuterRef("pk"))
    waiting = Community.objects.filter(~Exists(fresh), Exists(facts)).order_by("pk")[:_AT_ONCE]
    return sum(recognise(one) is not None for one in waiting)


@transaction.atomic
def set_stage(community: Community, *, stage: str, by: Actor, note: str = "") -> StageMark:
    """Say which stage the community is in from today on: as proposed, or another.

    Raises QunyingError for an unknown stage, and for the one that holds already.
    """
    if stage not in Stage.values:
        raise QunyingError(_("There is no stage “%(stage)s”. Choose one of the five.") % {"stage": stage})
    latest = marks_of(community).first()
    if latest is not None and latest.stage == stage:
        raise QunyingError(_("The community is in this stage already; there is nothing to change."))
    proposal = proposal_of(community)
    mark = StageMark.objects.create(
        community=community,
        stage=stage,
        since=_today(community),
        proposed=proposal.stage if proposal else "",
        evidence=proposal.evidence if proposal else {},
        note=note.strip(),
        by=by.actor_key,
        staff=by if isinstance(by, Staff) else None,
    )
    write_act(SET, by=by, subject_type="community", subject_id=community.pk, details={"stage": stage})
    return mark
