"""What stages want done: a person says where in its life a community is, where the figures see something new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.check.stages.queries import unsaid_proposals
from qunying.check.stages.wording import STAGES
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import communities_for
from qunying.plan.schedule.todo import TodoItem, register_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from qunying.check.stages.models import StageProposal
    from qunying.ground.access.models import Staff

NAME = "stages"
_MOST = 20


def register_todos() -> None:
    """Have new stages stand in the list of those who plan."""
    register_source(NAME, label=gettext_lazy("Stage of life"), items=stage_todos)


def stage_todos(staff: Staff, _today: date) -> Iterator[TodoItem]:
    """Communities of this person's plans whose figures look like a stage nobody has said anything about yet."""
    places = communities_for(staff, Permission.EDIT_PLAN)
    yield from map(_item, unsaid_proposals(places)[:_MOST])


def _item(proposal: StageProposal) -> TodoItem:
    return TodoItem(
        title=_("Say which stage of life it is in: the figures look like %(stage)s")
        % {"stage": STAGES[proposal.stage]},
        kind=NAME,
        why=_("The stage decides what Today and suggestions put first"),
        page="goals",
        args={"slug": proposal.community.slug},
        priority=3,
        community=proposal.community.name,
    )
