"""Verbs on word lists: making, changing, switching on and off, removing, putting in those that come with Qunying."""

from __future__ import annotations

from secrets import randbits
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.access.models import ApiKey, Staff
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.errors import NotAllowedError, QunyingError
from qunying.kit.text.folding import fold
from qunying.plan.compliance.models import Edition, Word, WordList
from qunying.plan.compliance.rules import may_keep_lists
from qunying.plan.compliance.shipped import shipped_lists

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import TextChoices

    from qunying.ground.audit.actors import Actor
    from qunying.ground.units.models import Unit

CREATE = declare_verb("words.create", gettext_lazy("A word list was made."))
CHANGE = declare_verb("words.change", gettext_lazy("A word list was changed."))
SWITCH = declare_verb("words.switch", gettext_lazy("Word lists were switched on or off."))
DROP = declare_verb("words.drop", gettext_lazy("A word list was removed with its words."))
SHIP = declare_verb("words.ship", gettext_lazy("Word lists that come with Qunying were put in."))


@transaction.atomic
def create_list(name: str, *, kind: str, severity: str, unit: Unit | None, by: Actor) -> WordList:
    """Make a list for a unit and those below it, or for everyone; it holds from now on.

    Raises QunyingError where the name is empty, too long or taken there, or kind or severity are none.
    """
    check_may_keep(by, unit)
    words = WordList(name=_checked_name(name, unit), kind=_one_of(kind, WordList.Kind), unit=unit)
    words.severity = _one_of(severity, WordList.Severity)
    words.save()
    raise_edition()
    _write(CREATE, words, by=by, unit=unit.pk if unit else None, kind=words.kind, severity=words.severity)
    return words


@transaction.atomic
def change_list(words: WordList, *, name: str, kind: str, severity: str, by: Actor) -> WordList:
    """Give a list another name, kind or severity; raises QunyingError as `create_list` does."""
    check_may_keep(by, words.unit)
    if name.strip() != words.label:
        words.name, words.name_en = _checked_name(name, words.unit, but=words), ""
    words.kind, words.severity = _one_of(kind, WordList.Kind), _one_of(severity, WordList.Severity)
    words.save(update_fields=["name", "name_en", "kind", "severity"])
    raise_edition()
    _write(CHANGE, words, by=by, kind=words.kind, severity=words.severity)
    return words


@transaction.atomic
def switch_lists(lists: Iterable[WordList], *, on: bool, by: Actor) -> list[int]:
    """Have lists looked for or not; the ids of those that stood the other way."""
    turned = [words for words in lists if words.active != on]
    for words in turned:
        check_may_keep(by, words.unit)
    ids = sorted(words.pk for words in turned)
    if ids:
        WordList.objects.filter(pk__in=ids).update(active=on)
        raise_edition()
        write_act(SWITCH, by=by, subject_type="word_list", details={"lists": ids, "on": on})
    return ids


@transaction.atomic
def remove_list(words: WordList, *, by: Actor) -> None:
    """Remove a list and its words for good; raises QunyingError for one that comes with Qunying."""
    check_may_keep(by, words.unit)
    if words.key:
        raise QunyingError(_("“%(name)s” comes with Qunying. Switch it off instead.") % {"name": words.label})
    _write(DROP, words, by=by, words=Word.objects.filter(word_list=words, removed_at=None).count())
    words.delete()
    raise_edition()


@transaction.atomic
def ship_lists(*, by: Actor) -> int:
    """Put in the lists that come with Qunying and words that are new on them; how many words came.

    What people changed, switched off or took off a list stays as they left it.
    """
    check_may_keep(by, None)
    came = sum(_ship(content) for content in shipped_lists())
    if came:
        raise_edition()
        write_act(SHIP, by=by, subject_type="word_list", details={"words": came})
    return came


def _ship(content: dict[str, object]) -> int:
    head = {name: content[name] for name in ("name", "name_en", "kind", "severity")}
    words, _made = WordList.objects.get_or_create(key=content["key"], defaults=head)
    there = set(Word.objects.filter(word_list=words).values_list("folded", flat=True))
    rows = content["words"]
    new = [Word(word_list=words, folded=fold(row["word"]), **row) for row in rows]  # type: ignore[attr-defined]
    new = [word for word in new if word.folded not in there]
    Word.objects.bulk_create(new)
    return len(new)


def raise_edition() -> None:
    """Have every process compile anew; part of each change of lists and words."""
    Edition.objects.update_or_create(pk=1, defaults={"mark": randbits(62)})


def check_may_keep(by: Actor, unit: Unit | None) -> None:
    """Raise NotAllowedError unless they may change the lists of this unit (None: everyone's)."""
    if not isinstance(by, Staff | ApiKey) or may_keep_lists(by, unit):
        return
    if unit is None:
        raise NotAllowedError(_("This list is everyone's. Ask somebody who keeps rules for the whole organisation."))
    words = _("Your roles do not include keeping word lists in “%(unit)s”. Ask its lead.")
    raise NotAllowedError(words % {"unit": unit.name})


def _checked_name(name: str, unit: Unit | None, but: WordList | None = None) -> str:
    name = name.strip()
    if not name or len(name) > WordList.NAME_LENGTH:
        raise QunyingError(_("A name has 1 to %(most)s characters.") % {"most": WordList.NAME_LENGTH})
    others = WordList.objects.exclude(pk=but.pk) if but else WordList.objects.all()
    if others.filter(unit=unit, name=name).exists():
        raise QunyingError(_("There is a list “%(name)s” already. Choose another name.") % {"name": name})
    return name


def _one_of(value: str, among: type[TextChoices]) -> str:
    if value not in among.values:
        raise QunyingError(_("“%(value)s” is none of %(known)s.") % {"value": value, "known": ", ".join(among.values)})
    return value


def _write(verb: str, listed: WordList, *, by: Actor, **details: object) -> None:
    write_act(verb, by=by, subject_type="word_list", subject_id=listed.pk, details=details)
