"""Verbs on the words of a list: putting many in, changing one, taking some off and back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.errors import QunyingError
from qunying.kit.text.folding import fold
from qunying.plan.compliance.models import Word, WordList
from qunying.plan.compliance.services import check_may_keep, raise_edition

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qunying.ground.audit.actors import Actor
    from qunying.plan.compliance.reading import Given

ADD = declare_verb("words.add", gettext_lazy("Words were put on a list."))
EDIT = declare_verb("words.edit", gettext_lazy("A word of a list was changed."))
REMOVE = declare_verb("words.remove", gettext_lazy("Words were taken off a list."))
RESTORE = declare_verb("words.restore", gettext_lazy("Words were put back on a list."))

MOST_WORDS = 50_000
"""Words on one list."""
_BATCH = 1000
_FEW = 500


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was left out: its number, what stood there, and why."""

    row: int
    word: str
    why: str


@dataclass(slots=True)
class Added:
    """What came of rows: words that are new, words that were changed, those that stood there so, rows left out."""

    added: int = 0
    changed: int = 0
    same: int = 0
    rejected: list[Rejected] = field(default_factory=list)


@transaction.atomic
def add_words(words: WordList, *, given: Sequence[Given], by: Actor) -> Added:
    """Put words on a list, row by row: what cannot stand there is left out with its reason, the rest goes in.

    A word that is there gets what the row says and it does not; an empty cell changes nothing. One that was
    taken off comes back. Raises QunyingError where the list would grow beyond what a list may hold.
    """
    check_may_keep(by, words.unit)
    WordList.objects.select_for_update().get(pk=words.pk)
    result = Added()
    good = _sound(given, result)
    known = Word.objects.filter(word_list=words)
    there = {word.folded: word for word in (known.filter(folded__in=good) if len(good) <= _FEW else known)}
    new = [_made(words, folded, row) for folded, row in good.items() if folded not in there]
    standing = Word.objects.filter(word_list=words, removed_at=None).count()
    if standing + len(new) > MOST_WORDS:
        raise QunyingError(_("A list holds at most %(most)s words. Make another one.") % {"most": f"{MOST_WORDS:,}"})
    Word.objects.bulk_create(new, batch_size=_BATCH)
    result.added += len(new)
    changed = [word for folded, word in there.items() if folded in good and _brought(word, good[folded], result)]
    fields = ["reason", "reason_en", "instead", "exceptions", "removed_at"]
    Word.objects.bulk_update(changed, fields, batch_size=_BATCH)
    if new or changed:
        raise_edition()
        details = {"added": result.added, "changed": result.changed, "rejected": len(result.rejected)}
        write_act(ADD, by=by, subject_type="word_list", subject_id=words.pk, details=details)
    return result


def _sound(given: Iterable[Given], result: Added) -> dict[str, Given]:
    """The rows that can stand, by the spelling they are looked for in; the others go to `result.rejected`."""
    good: dict[str, Given] = {}
    for row in given:
        folded = fold(row.word)
        why = trouble_with(row) or (
            _("It stands in row %(row)s already.") % {"row": good[folded].row} if folded in good else ""
        )
        if why:
            result.rejected.append(Rejected(row.row, row.word[: Word.LENGTH], why))
        else:
            good[folded] = row
    return good


def trouble_with(row: Given) -> str:
    """Why a word cannot stand on a list; '' where it can."""
    folded = fold(row.word)
    stray = next((one for one in row.exceptions if folded not in fold(one) or fold(one) == folded), "")
    troubles = (
        (not folded, _("Nothing is left of it to look for.")),
        (len(row.word) > Word.LENGTH, _("A word has at most %(most)s characters.") % {"most": Word.LENGTH}),
        (len(folded) > 4 * Word.LENGTH, _("A word has at most %(most)s characters.") % {"most": Word.LENGTH}),
        (
            len(row.reason) > Word.REASON_LENGTH,
            _("The reason is longer than %(most)s characters.") % {"most": Word.REASON_LENGTH},
        ),
        (
            len(row.instead) > Word.INSTEAD_LENGTH,
            _("What to write instead is longer than %(most)s characters.") % {"most": Word.INSTEAD_LENGTH},
        ),
        (
            len(row.exceptions) > Word.MOST_EXCEPTIONS,
            _("A word has at most %(most)s exceptions.") % {"most": Word.MOST_EXCEPTIONS},
        ),
        (bool(stray), _("The exception “%(exception)s” does not hold the word and more.") % {"exception": stray}),
        (
            any(len(one) > Word.LENGTH for one in row.exceptions),
            _("An exception has at most %(most)s characters.") % {"most": Word.LENGTH},
        ),
    )
    return next((words for wrong, words in troubles if wrong), "")


def _made(words: WordList, folded: str, row: Given) -> Word:
    return Word(
        word_list=words,
        word=row.word,
        folded=folded,
        reason=row.reason,
        instead=row.instead,
        exceptions=list(row.exceptions),
    )


def _brought(word: Word, row: Given, result: Added) -> bool:
    """Bring a word to what the row says; whether anything changed."""
    before = (word.reason, word.instead, word.exceptions, word.removed_at)
    if row.reason and row.reason != word.why:
        word.reason, word.reason_en = row.reason, ""
    word.instead = row.instead or word.instead
    word.exceptions = list(row.exceptions) or word.exceptions
    back, word.removed_at = word.removed_at is not None, None
    if before == (word.reason, word.instead, word.exceptions, word.removed_at):
        result.same += 1
        return False
    result.added += back
    result.changed += not back
    return True


@transaction.atomic
def edit_word(word: Word, *, given: Given, by: Actor) -> Word:
    """Make a word what is given, empty or not; raises QunyingError where it cannot stand or stands there already."""
    check_may_keep(by, word.word_list.unit)
    folded = fold(given.word)
    if why := trouble_with(given):
        raise QunyingError(why)
    other = Word.objects.filter(word_list=word.word_list, folded=folded).exclude(pk=word.pk).first()
    if other is not None and other.removed_at is None:
        raise QunyingError(_("“%(word)s” is on this list already.") % {"word": other.word})
    if other is not None:
        other.delete()
    if given.reason != word.why:
        word.reason, word.reason_en = given.reason, ""
    word.word, word.folded, word.instead, word.exceptions = given.word, folded, given.instead, list(given.exceptions)
    word.save()
    raise_edition()
    write_act(EDIT, by=by, subject_type="word", subject_id=word.pk, details={"list": word.word_list_id})
    return word


def remove_words(words: WordList, *, ids: Iterable[int], by: Actor) -> list[int]:
    """Take words off a list; the ids of those that stood there, by which they can be put back."""
    return _turn(words, ids, off=True, by=by)


def restore_words(words: WordList, *, ids: Iterable[int], by: Actor) -> list[int]:
    """Put words back that were taken off a list; the ids of those that were."""
    return _turn(words, ids, off=False, by=by)


@transaction.atomic
def _turn(words: WordList, ids: Iterable[int], *, off: bool, by: Actor) -> list[int]:
    check_may_keep(by, words.unit)
    chosen = Word.objects.filter(word_list=words, pk__in=list(ids), removed_at__isnull=off)
    found = sorted(chosen.values_list("pk", flat=True))
    if found:
        Word.objects.filter(pk__in=found).update(removed_at=timezone.now() if off else None)
        raise_edition()
        details = {"words": found[:_BATCH], "count": len(found)}
        write_act(REMOVE if off else RESTORE, by=by, subject_type="word_list", subject_id=words.pk, details=details)
    return found
