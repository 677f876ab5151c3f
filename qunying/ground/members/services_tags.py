"""Verbs on tags: dimensions and tags come into being with their first use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.members.models import MemberTag, Tag, TagDimension
from qunying.ground.members.services import note_dimension_change
from qunying.ground.members.shipped import keys_by_name
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.audit.actors import Actor

TAG = declare_verb("members.tag", gettext_lazy("Members were given tags."))
UNTAG = declare_verb("members.untag", gettext_lazy("A tag was taken from members."))

_LOOKUP = 500
_DIMENSION = 60
_NAME = 80

Source = MemberTag.Source


@transaction.atomic
def tag_members(
    members: Iterable[int], *, dimension: str, name: str, by: Actor, source: Source = Source.HAND
) -> tuple[Tag, list[int]]:
    """Give members (ids) one tag; the tag, and the ids of those who did not carry it before."""
    key = tidy_tag(dimension, name)
    tag = _ensure_tags({key})[key]
    fresh = _attach([(pk, tag.pk) for pk in members], source)
    if fresh:
        details = {"tag": tag.pk, "members": len(fresh), "source": source}
        write_act(TAG, by=by, subject_type="tag", subject_id=tag.pk, details=details)
    return tag, [pk for pk, _tag in fresh]


@transaction.atomic
def tag_many(triples: Iterable[tuple[int, str, str]], *, source: Source, by: Actor) -> int:
    """Give many tags, each (member id, dimension, tag name), and say how many were new.

    One audit row for all. Call it with about a thousand at a time.
    """
    wanted = [(pk, tidy_tag(dimension, name)) for pk, dimension, name in triples]
    tags = _ensure_tags({key for _pk, key in wanted})
    fresh = _attach([(pk, tags[key].pk) for pk, key in wanted], source)
    if fresh:
        details = {"tags": len(tags), "given": len(fresh), "source": source}
        write_act(TAG, by=by, subject_type="tag", details=details)
    return len(fresh)


@transaction.atomic
def untag_members(members: Iterable[int], *, tag: Tag, by: Actor, source: Source | None = None) -> list[int]:
    """Take a tag from members (ids); the ids of those who carried it. The tag itself stays.

    With `source` only what came from there is taken.
    """
    given = {"source": source} if source else {}
    ids = sorted(set(members))
    carried: list[int] = []
    for start in range(0, len(ids), _LOOKUP):
        rows = MemberTag.objects.filter(tag=tag, member_id__in=ids[start : start + _LOOKUP], **given)
        carried.extend(rows.values_list("member_id", flat=True))
        rows.delete()
    if carried:
        details = {"members": len(carried)}
        write_act(UNTAG, by=by, subject_type="tag", subject_id=tag.pk, details=details)
        note_dimension_change()
    return sorted(carried)


def tidy_tag(dimension: str, name: str) -> tuple[str, str]:
    """Both names without needless spaces; raises QunyingError where one is empty or too long."""
    key = " ".join(dimension.split()), " ".join(name.split())
    for text, most in zip(key, (_DIMENSION, _NAME), strict=True):
        if not text:
            raise QunyingError(_("A tag needs a dimension and a name, such as “city” and “Hangzhou”."))
        if len(text) > most:
            raise QunyingError(
                _("“%(text)s…” is too long for a tag: at most %(most)d characters.") % {"text": text[:20], "most": most}
            )
    return key


def _ensure_tags(given: set[tuple[str, str]]) -> dict[tuple[str, str], Tag]:
    stored = _as_stored(given)
    found = _find_or_make(set(stored.values()))
    return {key: found[stored[key]] for key in given}


def _as_stored(given: set[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """Names as they are kept: those of shipped dimensions and tags may be given in any language of the product."""
    keys = keys_by_name()
    shipped = {dimension: keys[dimension.casefold()] for dimension, _name in given if dimension.casefold() in keys}
    if not shipped:
        return {key: key for key in given}
    dimensions = dict(TagDimension.objects.filter(key__in=set(shipped.values())).values_list("key", "name"))
    tags = dict(Tag.objects.filter(dimension__key__in=dimensions).exclude(key="").values_list("key", "name"))
    found = {}
    for dimension, name in given:
        key = shipped.get(dimension, "")
        known = keys.get(f"{key}/{name.casefold()}", "")
        found[dimension, name] = dimensions.get(key, dimension), tags.get(known, name)
    return found


def _find_or_make(wanted: set[tuple[str, str]]) -> dict[tuple[str, str], Tag]:
    dimensions = sorted({dimension for dimension, _name in wanted})
    TagDimension.objects.bulk_create((TagDimension(name=name) for name in dimensions), ignore_conflicts=True)
    by_name = {row.name: row for row in TagDimension.objects.filter(name__in=dimensions)}
    found = _tags_in(by_name.values(), wanted)
    missing = sorted(wanted - found.keys())
    if missing:
        rows = [Tag(dimension=by_name[dimension], name=name) for dimension, name in missing]
        Tag.objects.bulk_create(rows, ignore_conflicts=True)
        found = _tags_in(by_name.values(), wanted)
    return found


def _tags_in(dimensions: Iterable[TagDimension], wanted: set[tuple[str, str]]) -> dict[tuple[str, str], Tag]:
    names = sorted({name for _dimension, name in wanted})
    found = {}
    for start in range(0, len(names), _LOOKUP):
        rows = Tag.objects.filter(dimension__in=list(dimensions), name__in=names[start : start + _LOOKUP])
        found.update({(tag.dimension.name, tag.name): tag for tag in rows.select_related("dimension")})
    return {key: tag for key, tag in found.items() if key in wanted}


def _attach(pairs: Iterable[tuple[int, int]], source: Source) -> list[tuple[int, int]]:
    wanted = sorted(set(pairs))
    members = sorted({member for member, _tag in wanted})
    tags = {tag for _member, tag in wanted}
    held: set[tuple[int, int]] = set()
    for start in range(0, len(members), _LOOKUP):
        rows = MemberTag.objects.filter(member_id__in=members[start : start + _LOOKUP])
        held.update(pair for pair in rows.values_list("member_id", "tag_id") if pair[1] in tags)
    fresh = [pair for pair in wanted if pair not in held]
    MemberTag.objects.bulk_create(
        (MemberTag(member_id=member, tag_id=tag, source=source) for member, tag in fresh),
        ignore_conflicts=True,
    )
    if fresh:
        note_dimension_change()
    return fresh
