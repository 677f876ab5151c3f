"""Verbs on the words people are sorted by: shipped dimensions, renaming, merging and archiving tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.members.models import MemberTag, Tag, TagDimension
from qunying.ground.members.services import note_dimension_change
from qunying.ground.members.services_tags import tidy_tag
from qunying.ground.members.shipped import SHIPPED, said_in_all
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from qunying.ground.audit.actors import Actor
    from qunying.ground.members.shipped import Shipped

SHIP = declare_verb("tags.ship", gettext_lazy("Tag dimensions that ship with the product were put in."))
RENAME = declare_verb("tags.rename", gettext_lazy("A tag or a dimension was renamed."))
ARCHIVE = declare_verb("tags.archive", gettext_lazy("A tag or a dimension was archived, or taken out again."))
MERGE = declare_verb("tags.merge", gettext_lazy("One tag was merged into another."))
ADD = declare_verb("tags.add", gettext_lazy("A tag was added to a dimension."))

_AT_ONCE = 500


@transaction.atomic
def ship_dimensions(*, by: Actor) -> int:
    """Put in the shipped dimensions and tags that are missing; how many rows were new or recognised by name.

    Running it again changes nothing. A dimension of the same name, in whatever language of the product,
    becomes the shipped one and keeps its tags; names and archivings of people's own are left alone.
    """
    found = sum(_ship(shipped) for shipped in SHIPPED)
    if found:
        write_act(SHIP, by=by, subject_type="tag_dimension", details={"rows": found})
    return found


def _ship(shipped: Shipped) -> int:
    found = 0
    dimension = TagDimension.objects.filter(key=shipped.key).first()
    if dimension is None:
        names = said_in_all(shipped.label)
        dimension = TagDimension.objects.filter(key="", name__in=names).first() or TagDimension(name=names[0])
        dimension.key, dimension.aspect = shipped.key, shipped.aspect
        dimension.save()
        found = 1
    known = set(dimension.tags.exclude(key="").values_list("key", flat=True))
    missing = [(f"{shipped.key}-{end}", label) for end, label in shipped.tags if f"{shipped.key}-{end}" not in known]
    for key, label in missing:
        _ship_tag(dimension, key, label)
    return found + len(missing)


def _ship_tag(dimension: TagDimension, key: str, label: _StrPromise) -> None:
    names = said_in_all(label)
    tag = dimension.tags.filter(key="", name__in=names).first() or Tag(dimension=dimension, name=names[0])
    tag.key = key
    tag.save()


@transaction.atomic
def rename_dimension(dimension: TagDimension, *, name: str, by: Actor) -> None:
    """Give a dimension another name; raises QunyingError where there is one of that name."""
    tidy, _same = tidy_tag(name, "-")
    if TagDimension.objects.filter(name=tidy).exclude(pk=dimension.pk).exists():
        raise QunyingError(_("There is a dimension “%(name)s” already. Choose another name.") % {"name": tidy})
    dimension.name, dimension.own_name = tidy, True
    dimension.save(update_fields=["name", "own_name"])
    write_act(RENAME, by=by, subject_type="tag_dimension", subject_id=dimension.pk)


@transaction.atomic
def rename_tag(tag: Tag, *, name: str, by: Actor) -> None:
    """Give a tag another name; raises QunyingError where its dimension has one: those two can be merged."""
    _dimension, tidy = tidy_tag("-", name)
    if Tag.objects.filter(dimension=tag.dimension_id, name=tidy).exclude(pk=tag.pk).exists():
        raise QunyingError(
            _("There is a tag “%(name)s” in this dimension already. Merge the two instead.") % {"name": tidy}
        )
    tag.name, tag.own_name = tidy, True
    tag.save(update_fields=["name", "own_name"])
    write_act(RENAME, by=by, subject_type="tag", subject_id=tag.pk)


@transaction.atomic
def add_tag(dimension: TagDimension, *, name: str, by: Actor) -> Tag:
    """A new tag in the dimension; raises QunyingError where there is one of that name."""
    _dimension, tidy = tidy_tag("-", name)
    tag, made = Tag.objects.get_or_create(dimension=dimension, name=tidy)
    if not made:
        raise QunyingError(_("There is a tag “%(name)s” in this dimension already.") % {"name": tidy})
    write_act(ADD, by=by, subject_type="tag", subject_id=tag.pk)
    return tag


@transaction.atomic
def archive_words(words: Tag | TagDimension, *, on: bool, by: Actor) -> None:
    """Stop offering a tag or a dimension, or offer it again; who carries it keeps it."""
    words.archived_at = timezone.now() if on else None
    words.save(update_fields=["archived_at"])
    kind = "tag" if isinstance(words, Tag) else "tag_dimension"
    write_act(ARCHIVE, by=by, subject_type=kind, subject_id=words.pk, details={"on": on})


@transaction.atomic
def merge_tags(tag: Tag, *, into: Tag, by: Actor) -> int:
    """Give everyone who carries `tag` the other one instead, and remove it; how many carried it.

    A source that is a person's own (hand, survey, import) outlives that of a rule. Raises QunyingError
    for a tag into itself, and for one the product ships: archive that one.
    """
    if tag.pk == into.pk:
        raise QunyingError(_("A tag cannot be merged into itself. Choose another one."))
    if tag.key:
        raise QunyingError(_("“%(name)s” ships with the product. Archive it instead.") % {"name": tag.label})
    have = dict(MemberTag.objects.filter(tag=into).values_list("member_id", "source"))
    rows = list(MemberTag.objects.filter(tag=tag))
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        moving = [row.pk for row in part if row.member_id not in have]
        MemberTag.objects.filter(pk__in=moving).update(tag=into)
        firmer = [
            (row.member_id, row.source)
            for row in part
            if have.get(row.member_id) == MemberTag.Source.RULE and row.source != MemberTag.Source.RULE
        ]
        for member, source in firmer:
            MemberTag.objects.filter(member=member, tag=into).update(source=source)
    details = {"into": into.pk, "members": len(rows)}
    write_act(MERGE, by=by, subject_type="tag", subject_id=tag.pk, details=details)
    tag.delete()
    note_dimension_change()
    return len(rows)
