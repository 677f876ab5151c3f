"""Word lists as one person may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere
from qunying.kit.errors import NotFoundError
from qunying.kit.text.folding import fold
from qunying.plan.compliance.models import Word, WordList

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder


def lists_for(staff: Holder) -> QuerySet[WordList]:
    """Everyone's lists, those of this person's units, and those of the units above, which hold there too."""
    if not may_anywhere(staff, Permission.SEE_PLAN):
        return WordList.objects.none()
    units = units_for(staff, Permission.SEE_PLAN)
    above = {int(part) for path in units.values_list("path", flat=True) for part in path.split("/") if part}
    found = WordList.objects.filter(Q(unit=None) | Q(unit__in=units) | Q(unit__in=above))
    return found.select_related("unit")


def with_counts(lists: QuerySet[WordList]) -> QuerySet[WordList]:
    """Lists with `words_now`: how many words stand on each."""
    return lists.annotate(words_now=Count("words", filter=Q(words__removed_at=None)))


def get_list_for(staff: Holder, pk: int) -> WordList:
    """The list of this number; raises NotFoundError where there is none, or it is not this person's to see."""
    found = with_counts(lists_for(staff)).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such word list that you may open."))
    return found


def words_of(words: WordList, *, holding: str = "") -> QuerySet[Word]:
    """The words that stand on a list; with `holding`, those in which it stands, however it is spelled."""
    found = Word.objects.filter(word_list=words, removed_at=None)
    if not holding:
        return found
    spelled = fold(holding)
    inside = Q(folded__contains=spelled) if spelled else Q(pk=None)
    return found.filter(inside | Q(reason__icontains=holding) | Q(instead__icontains=holding))


def get_word_for(staff: Holder, pk: int) -> Word:
    """The word of this number; raises NotFoundError where its list is not this person's to see, or it was removed."""
    found = (
        Word.objects.filter(pk=pk, removed_at=None, word_list__in=lists_for(staff))
        .select_related("word_list__unit")
        .first()
    )
    if found is None:
        raise NotFoundError(_("There is no such word on your lists."))
    return found
