"""People who are one: what is suggested, merging, telling apart again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.doors.api.ground.members import MEMBERS, MemberTold, editable
from qunying.doors.api.paging import Noun, as_json, caller_of, made, page
from qunying.doors.api.shapes import Given, Id, Moment, Page, Paging, Told
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere, may_everywhere
from qunying.ground.merges.models import Likeness, Merge, MergeRule
from qunying.ground.merges.queries import likenesses_for, rules_on, standing_merges
from qunying.ground.merges.reasons import in_words
from qunying.ground.merges.services import dismiss_likeness, merge_members, reopen_likeness, switch_rule, undo_merge
from qunying.ground.merges.services_looking import look_for_likenesses
from qunying.kit.errors import NotAllowedError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qunying.ground.access.models import ApiKey

router = Router(tags=["merges"])
_RuleName = Literal["unionid", "phone"]


class LikenessTold(Told):
    """Two members who may be one, how likely (0 to 1) and why."""

    id: int
    first: int
    second: int
    score: float
    reasons: list[str]
    found_at: Moment
    dismissed_at: Moment | None


class MergeTold(Told):
    """A merging: `absorbed` went into `kept`."""

    id: int
    kept: int
    absorbed: int
    rule: str
    at: Moment
    undone_at: Moment | None


class LookTold(Told):
    """What a look did: how many pairs are suggested, how many a rule merged."""

    suggested: int
    merged: int


class RuleTold(Told):
    """A rule that may merge without asking."""

    name: str
    on: bool


class MergeGiven(Given):
    """Who becomes part of this member."""

    absorbed: Id


class RuleChange(Given):
    """Whether the rule merges without asking."""

    on: Annotated[bool, Field(examples=[True])]


class LikenessList(Paging):
    """Which suggestions."""

    dismissed: bool = Field(default=False, description="true: those of whom it was said that they are two.")


def _likenesses(rows: Sequence[Likeness]) -> Iterable[dict[str, Any]]:
    for one in rows:
        yield {
            "id": one.pk,
            "first": one.first_id,
            "second": one.second_id,
            "score": one.score,
            "reasons": [in_words(reason) for reason in one.reasons],
            "found_at": one.found_at,
            "dismissed_at": one.dismissed_at,
        }


def _merges(rows: Sequence[Merge]) -> Iterable[dict[str, Any]]:
    for one in rows:
        told = {"id": one.pk, "kept": one.kept_id, "absorbed": one.absorbed_id, "rule": one.rule}
        yield told | {"at": one.at, "undone_at": one.undone_at}


LIKENESSES = Noun("likenesses", LikenessTold, _likenesses)
MERGES = Noun("merges", MergeTold, _merges, newest_first=True)


@router.get("/likenesses", response=Page[LikenessTold], summary="Members who may be one")
def list_likenesses(request: HttpRequest, asked: Query[LikenessList]) -> HttpResponse:
    """Suggestions about members the key may change both of. Asks for `members.edit`."""
    return page(request, likenesses_for(_editor(request), dismissed=asked.dismissed), LIKENESSES, asked)


@router.post("/likenesses/look", response=LookTold, summary="Look for members who may be one")
def look(request: HttpRequest) -> HttpResponse:
    """Now, instead of tonight. Asks for `members.edit`."""
    seen = look_for_likenesses(by=_editor(request))
    return as_json({"suggested": seen.suggested, "merged": seen.merged})


@router.post("/likenesses/{pk}/dismiss", response=LikenessTold, summary="Say that these are two people")
def dismiss(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """They are not suggested again. Asks for `members.edit` with both."""
    found = _likeness(request, pk, dismissed=False)
    dismiss_likeness(found, by=caller_of(request))
    return LIKENESSES.one(found)


@router.post("/likenesses/{pk}/reopen", response=LikenessTold, summary="Suggest the two again")
def reopen(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """Asks for `members.edit` with both."""
    found = _likeness(request, pk, dismissed=True)
    reopen_likeness(found, by=caller_of(request))
    return LIKENESSES.one(found)


@router.get("/members/{pk}/merges", response=Page[MergeTold], summary="Who was merged into a member")
def list_merges(request: HttpRequest, pk: Path[Id], asked: Query[Paging]) -> HttpResponse:
    """The mergings that hold, the newest first. Asks for `members.edit`."""
    return page(request, standing_merges(editable(request, pk)), MERGES, asked)


@router.post("/members/{pk}/merges", response={201: MergeTold}, summary="Merge two members")
def merge(request: HttpRequest, pk: Path[Id], given: Body[MergeGiven]) -> HttpResponse:
    """The other one becomes part of this member; it can be undone. Asks for `members.edit` with both."""
    kept, absorbed = editable(request, pk), editable(request, given.absorbed)
    first, second = sorted((kept.pk, absorbed.pk))
    known = Likeness.objects.filter(first=first, second=second).first()
    done = merge_members(kept, absorbed=absorbed, by=caller_of(request), reasons=known.reasons if known else [])
    return made(request, MERGES, done, at=f"/api/v1/merges/{done.pk}/undo")


@router.post("/merges/{pk}/undo", response=MemberTold, summary="Undo a merging")
def undo(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """Two people again, each with what was theirs; tells the one given back. Asks for `members.edit`."""
    found = Merge.objects.select_related("kept", "absorbed").filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such merging that you may undo."))
    editable(request, found.kept_id)
    return MEMBERS.one(undo_merge(found, by=caller_of(request)))


@router.get("/merge-rules", response=list[RuleTold], summary="Rules that merge")
def list_rules(request: HttpRequest) -> HttpResponse:
    """Asks for `members.edit`."""
    _editor(request)
    on = rules_on()
    return as_json([{"name": str(name), "on": name in on} for name in MergeRule.Name.values])


@router.patch("/merge-rules/{name}", response=RuleTold, summary="Switch a rule that merges")
def change_rule(request: HttpRequest, name: Path[_RuleName], given: Body[RuleChange]) -> HttpResponse:
    """Asks for `members.edit` in every unit."""
    key = _editor(request)
    if not may_everywhere(key, Permission.EDIT_MEMBERS):
        raise NotAllowedError(_("These rules touch everyone's members. Ask a director of the whole organisation."))
    switch_rule(name, on=given.on, by=key)
    return as_json({"name": name, "on": given.on})


def _editor(request: HttpRequest) -> ApiKey:
    key = caller_of(request)
    if not may_anywhere(key, Permission.EDIT_MEMBERS):
        raise NotAllowedError(_("The key may not change members. Give it “members.edit”."))
    return key


def _likeness(request: HttpRequest, pk: int, *, dismissed: bool) -> Likeness:
    found = likenesses_for(caller_of(request), dismissed=dismissed).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such suggestion, or it has been decided."))
    return found
