"""Verbs on scripts: write, change, bring in many, put away, count that one was used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.errors import QunyingError
from qunying.plan.compliance.checking import check_text
from qunying.plan.compliance.models import WordList
from qunying.plan.materials.models import Script
from qunying.plan.materials.rules import check_may_keep
from qunying.plan.materials.services import put_away

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community
    from qunying.ground.units.models import Unit

WRITE = declare_verb("scripts.write", gettext_lazy("A script was written."))
CHANGE = declare_verb("scripts.change", gettext_lazy("A script was changed."))
BRING = declare_verb("scripts.bring", gettext_lazy("Scripts were brought in from a file."))
ARCHIVE = declare_verb("scripts.archive", gettext_lazy("Scripts were put away."))
RESTORE = declare_verb("scripts.restore", gettext_lazy("Scripts were taken out again."))

_PLACES = re.compile(r"\{([^{}\n]{1,20})\}")


@dataclass(frozen=True, slots=True)
class Said:
    """A script as somebody gives it; `row` counts from 1 in a file."""

    situation: str
    title: str
    words: str
    row: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was left out, and why."""

    row: int
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of a file: scripts that are new, that changed, that stood there so, and rows left out."""

    added: int
    changed: int
    same: int
    refused: tuple[Refused, ...]


def places_in(words: str) -> list[str]:
    """What is to be filled in: the names between braces, each once, in the order of reading."""
    return list(dict.fromkeys(_PLACES.findall(words)))


@transaction.atomic
def write_script(said: Said, *, unit: Unit, by: Actor, community: Community | None = None) -> Script:
    """Write a script for a community, or, without one, for the unit and all below.

    Raises QunyingError for what is empty, too long or there already, and for a word that must not be said.
    """
    check_may_keep(by, unit)
    script = Script(unit=unit, community=community, created_by=by.actor_key)
    _put(script, said)
    script.save()
    write_act(WRITE, by=by, subject_type="script", subject_id=script.pk, details={"unit": unit.pk})
    return script


@transaction.atomic
def change_script(script: Script, *, said: Said, by: Actor) -> Script:
    """Change a script; refused as `write_script` refuses."""
    check_may_keep(by, script.unit)
    _put(script, said)
    script.save(update_fields=["situation", "title", "words", "changed_at"])
    write_act(CHANGE, by=by, subject_type="script", subject_id=script.pk)
    return script


@transaction.atomic
def bring_scripts(given: Iterable[Said], *, unit: Unit, by: Actor, community: Community | None = None) -> Brought:
    """Write many; one of the same situation and title gets the new words. What cannot be kept is told row by row."""
    check_may_keep(by, unit)
    counts = {"added": 0, "changed": 0, "same": 0}
    refused: list[Refused] = []
    for said in given:
        try:
            counts[_bring(said, unit, community, by)] += 1
        except QunyingError as error:
            refused.append(Refused(said.row, said.title, str(error)))
    write_act(BRING, by=by, subject_type="script", details={"unit": unit.pk, "refused": len(refused), **counts})
    return Brought(**counts, refused=tuple(refused))


@transaction.atomic
def archive_scripts(scripts: Iterable[Script], *, by: Actor) -> list[int]:
    """Put scripts away; the ids of those that were in use."""
    return put_away(scripts, away=True, verb=ARCHIVE, by=by)


@transaction.atomic
def restore_scripts(scripts: Iterable[Script], *, by: Actor) -> list[int]:
    """Take scripts out again; QunyingError where one was written anew in the meantime."""
    found = list(scripts)
    for one in found:
        _check_free(one)
    return put_away(found, away=False, verb=RESTORE, by=by)


def count_use(script: Script) -> None:
    """Count that somebody took the words; no act is written, for a copy changes nothing."""
    Script.objects.filter(pk=script.pk).update(uses=F("uses") + 1, used_at=timezone.now())


def _bring(said: Said, unit: Unit, community: Community | None, by: Actor) -> str:
    known = Script.objects.filter(
        unit=unit,
        community=community,
        situation__iexact=_tidy(said.situation),
        title__iexact=_tidy(said.title),
        archived_at=None,
    ).first()
    script = known or Script(unit=unit, community=community, created_by=by.actor_key)
    before = script.words
    _put(script, said)
    if known and before == script.words:
        return "same"
    script.save()
    return "changed" if known else "added"


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _put(script: Script, said: Said) -> None:
    """Write what was said into the script, unsaved; raises QunyingError."""
    script.situation = _bounded(_tidy(said.situation), Script.SITUATION_LENGTH, _("Say in which situation it is used."))
    script.title = _bounded(_tidy(said.title), Script.TITLE_LENGTH, _("A script needs a title."))
    words = said.words.replace("\r\n", "\n").strip()
    script.words = _bounded(words, Script.MOST_WORDS, _("Write what is to be said."))
    _check_free(script)
    _check_words(script)


def _bounded(text: str, most: int, empty: str) -> str:
    if not text:
        raise QunyingError(empty)
    if len(text) > most:
        raise QunyingError(_("“%(text)s…” has more than %(most)d characters.") % {"text": text[:20], "most": most})
    return text


def _check_free(script: Script) -> None:
    beside = Script.objects.filter(unit=script.unit, community=script.community, archived_at=None)
    same = beside.filter(situation__iexact=script.situation, title__iexact=script.title)
    if same.exclude(pk=script.pk).exists():
        given = {"title": script.title, "situation": script.situation}
        raise QunyingError(_("There is a script “%(title)s” for “%(situation)s” already.") % given)


def _check_words(script: Script) -> None:
    """Refuse what the lists forbid; what they only warn of is shown beside the script."""
    found = check_text(script.words, community=script.community)
    stops = [one for one in found if one.severity == WordList.Severity.STOP]
    if stops:
        given = {"word": stops[0].excerpt, "reason": stops[0].reason}
        raise QunyingError(_("“%(word)s” must not be said: %(reason)s") % given)
