"""Verbs: make two people one, tell them apart again, say that they are two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.access.models import Staff
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.members.belongings import give_back, take_over
from qunying.ground.members.models import Member
from qunying.ground.members.services import note_dimension_change
from qunying.ground.merges.models import Likeness, Merge, MergeRule
from qunying.ground.merges.queries import communities_of, family_of
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.ground.audit.actors import Actor

MERGE = declare_verb("members.merge", gettext_lazy("Two members turned out to be one person and were merged."))
UNMERGE = declare_verb("members.unmerge", gettext_lazy("A merging was undone: the two are two people again."))
DISMISS = declare_verb("merges.dismiss", gettext_lazy("It was said of two members that they are two people."))
REOPEN = declare_verb("merges.reopen", gettext_lazy("A dismissed suggestion to merge was opened again."))
SWITCH = declare_verb("merges.switch", gettext_lazy("A rule that merges without asking was switched on or off."))

_MARKS = ("is_staff", "is_bot")
_NO_REASONS: tuple[dict[str, Any], ...] = ()


@transaction.atomic
def merge_members(
    kept: Member, *, absorbed: Member, by: Actor, reasons: Sequence[dict[str, Any]] = _NO_REASONS, rule: str = ""
) -> Merge:
    """Make `absorbed` part of `kept`: accounts, tags, private fields, notes and marks; facts follow their accounts.

    What both have stays that of `kept`; the other's waits for the day they are told apart. Figures of the
    communities of either are counted anew. Raises QunyingError where it is one person already, or one of
    them was merged into somebody else.
    """
    kept, absorbed = _both(kept.pk, absorbed.pk)
    places = communities_of([kept.pk, absorbed.pk])
    given = _give_marks(kept, absorbed)
    take_over(absorbed.pk, into=kept.pk)
    absorbed.merged_into = kept
    absorbed.save(update_fields=["merged_into"])
    merge = Merge.objects.create(
        kept=kept,
        absorbed=absorbed,
        by=by if isinstance(by, Staff) else None,
        rule=rule,
        reasons=list(reasons),
        given=given,
    )
    _tell_figures(places)
    details = {"merge": merge.pk, "absorbed": absorbed.pk, "rule": rule, "communities": places}
    write_act(MERGE, by=by, subject_type="member", subject_id=kept.pk, details=details)
    return merge


def _both(kept: int, absorbed: int) -> tuple[Member, Member]:
    """Both rows, locked in the order of their ids; raises QunyingError where they cannot be merged."""
    if kept == absorbed:
        raise QunyingError(_("This is one person already. Choose two different members."))
    found = {row.pk: row for row in Member.objects.select_for_update().filter(pk__in=[kept, absorbed]).order_by("pk")}
    if len(found) < 2:  # noqa: PLR2004 - both of the two
        raise QunyingError(_("One of the two members does not exist any more. Open the list again."))
    if gone := next((row for row in found.values() if row.merged_into_id), None):
        raise QunyingError(
            _("“%(name)s” has been merged into another member already. Open that one instead.") % {"name": gone}
        )
    return found[kept], found[absorbed]


def _give_marks(kept: Member, absorbed: Member) -> dict[str, Any]:
    given: dict[str, Any] = {mark: True for mark in _MARKS if getattr(absorbed, mark) and not getattr(kept, mark)}
    if absorbed.display_name and not kept.display_name:
        given["display_name"] = absorbed.display_name
    for name, value in given.items():
        setattr(kept, name, value)
    kept.save(update_fields=[*_MARKS, "display_name"])
    return given


@transaction.atomic
def undo_merge(merge: Merge, *, by: Actor) -> Member:
    """Tell the two apart again, and give back the one who was merged away, as it was.

    Accounts go back with everything they did since; so do tags, private fields and notes that came with
    them and are still there. What was written about the person in between stays with the one who was kept.
    The two are not suggested again. Raises QunyingError where it was undone before, or where `kept` itself
    was merged into somebody since: that comes first.
    """
    merge = Merge.objects.select_for_update().select_related("kept", "absorbed").get(pk=merge.pk)
    kept, absorbed = merge.kept, merge.absorbed
    if merge.undone_at is not None:
        raise QunyingError(_("This merging has been undone already."))
    if kept.merged_into_id is not None:
        raise QunyingError(
            _("“%(name)s” was merged into another member afterwards. Undo that merging first.") % {"name": kept}
        )
    places = communities_of([kept.pk])
    family, everyone = family_of(absorbed), family_of(kept)
    give_back(absorbed.pk, out_of=kept.pk, family=family, rest=[pk for pk in everyone if pk not in family])
    _take_marks(merge)
    absorbed.merged_into = None
    absorbed.save(update_fields=["merged_into"])
    merge.undone_at = timezone.now()
    merge.save(update_fields=["undone_at"])
    _remember_as_two(kept.pk, absorbed.pk, by=by)
    _tell_figures(places)
    details = {"merge": merge.pk, "absorbed": absorbed.pk, "communities": places}
    write_act(UNMERGE, by=by, subject_type="member", subject_id=kept.pk, details=details)
    return absorbed


def _take_marks(merge: Merge) -> None:
    """Take from `kept` what this merging gave it, unless another who stays merged has it as well."""
    kept = merge.kept
    others = list(Merge.objects.filter(kept=kept, undone_at=None).exclude(pk=merge.pk).select_related("absorbed"))
    for name, value in merge.given.items():
        if getattr(kept, name) != value:
            continue
        heir = next((other for other in others if getattr(other.absorbed, name)), None)
        if heir is None:
            setattr(kept, name, "" if name == "display_name" else False)
            continue
        setattr(kept, name, getattr(heir.absorbed, name))
        heir.given = {**heir.given, name: getattr(heir.absorbed, name)}
        heir.save(update_fields=["given"])
    kept.save(update_fields=[*_MARKS, "display_name"])


def _tell_figures(communities: Sequence[int]) -> None:
    for pk in communities:
        note_dimension_change(community_id=pk)


@transaction.atomic
def dismiss_likeness(likeness: Likeness, *, by: Actor) -> None:
    """Say that these are two people; they are not suggested again. Raises QunyingError where it was said before."""
    if likeness.dismissed_at is not None:
        raise QunyingError(_("It has been said already that these are two people."))
    likeness.dismissed_at = timezone.now()
    likeness.dismissed_by = by if isinstance(by, Staff) else None
    likeness.save(update_fields=["dismissed_at", "dismissed_by"])
    write_act(DISMISS, by=by, subject_type="likeness", subject_id=likeness.pk)


@transaction.atomic
def reopen_likeness(likeness: Likeness, *, by: Actor) -> None:
    """Suggest the two again after all; raises QunyingError where nobody dismissed them."""
    if likeness.dismissed_at is None:
        raise QunyingError(_("This suggestion is open."))
    likeness.dismissed_at = likeness.dismissed_by = None
    likeness.save(update_fields=["dismissed_at", "dismissed_by"])
    write_act(REOPEN, by=by, subject_type="likeness", subject_id=likeness.pk)


def _remember_as_two(one: int, other: int, *, by: Actor) -> None:
    first, second = sorted((one, other))
    told = {"dismissed_at": timezone.now(), "dismissed_by": by if isinstance(by, Staff) else None}
    Likeness.objects.update_or_create(
        first_id=first, second_id=second, defaults=told, create_defaults=told | {"score": 0}
    )


@transaction.atomic
def switch_rule(name: str, *, on: bool, by: Actor) -> None:
    """Let a rule merge without asking, or stop it; what it merged before stays merged."""
    if name not in MergeRule.Name.values:
        raise QunyingError(_("There is no rule “%(name)s”.") % {"name": name})
    MergeRule.objects.update_or_create(name=name, defaults={"on": on})
    write_act(SWITCH, by=by, subject_type="merge_rule", subject_id=name, details={"on": on})
