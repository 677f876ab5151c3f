"""Verbs on playbooks of one's own: put a version on a shelf, keep what stands in a community, remove, put back."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.errors import QunyingError
from qunying.plan.playbooks.exports import export_content
from qunying.plan.playbooks.models import Book, BookVersion
from qunying.plan.playbooks.own import newest_of, read_own, uses_of, variants_of
from qunying.plan.playbooks.shelf import ORDER
from qunying.plan.playbooks.yaml_text import write_yaml

if TYPE_CHECKING:
    from datetime import date

    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community
    from qunying.ground.units.models import Unit
    from qunying.plan.playbooks.variants import Content

PUT = declare_verb("playbooks.put", gettext_lazy("A version of an own playbook was put on the shelf."))
REMOVE = declare_verb("playbooks.remove", gettext_lazy("An own playbook was taken off the shelf."))
RESTORE = declare_verb("playbooks.restore", gettext_lazy("An own playbook was put back on the shelf."))

_OWN = "-own"
_ADDRESSES = ("choose", "own", "from")
"""Words that stand in addresses of the console where the name of a playbook would."""


@transaction.atomic
def put_playbook(text: str, *, unit: Unit, by: Actor, community: Community | None = None) -> BookVersion:
    """Put a text on the shelf of a unit as a version; the same text under the same version again changes nothing.

    `community` is where it was exported from. Raises QunyingError with the first fault of the text (standing on a
    playbook that `by` may not read is one), for a name that comes with Qunying or belongs to another unit, and for
    a version that is there with another text.
    """
    playbook = read_own(text, by=by)
    book = _book_for(playbook.name, unit)
    digest = sha256(text.encode()).hexdigest()
    there = book.versions.filter(version=playbook.version).first()
    if there is not None:
        return _same(there, digest)
    row = BookVersion.objects.create(
        book=book,
        version=playbook.version,
        text=text,
        digest=digest,
        content=playbook.content,
        community=community,
        put_at=timezone.now(),
        put_by=by.actor_key,
    )
    details = {"playbook": book.name, "version": row.version, "digest": digest, "unit": unit.pk}
    write_act(PUT, by=by, subject_type="book", subject_id=book.pk, details=details)
    return row


def _book_for(name: str, unit: Unit) -> Book:
    if name in ORDER:
        raise QunyingError(
            _("“%(name)s” comes with Qunying. Give yours a name of its own in the line “name:”.") % {"name": name}
        )
    if name in _ADDRESSES:
        raise QunyingError(_("“%(name)s” cannot be the name of a playbook. Choose another.") % {"name": name})
    book, _made = Book.objects.select_for_update().get_or_create(name=name, defaults={"unit": unit})
    if book.unit_id != unit.pk:
        raise QunyingError(
            _("Another unit has a playbook “%(name)s”. Give yours another name in the line “name:”.") % {"name": name}
        )
    if book.removed_at is not None:
        book.removed_at = None
        book.save(update_fields=["removed_at"])
    return book


def _same(there: BookVersion, digest: str) -> BookVersion:
    if there.digest != digest:
        raise QunyingError(
            _("Version %(version)s is on the shelf with another text. Raise the version in the line “version:”.")
            % {"version": there.version}
        )
    return there


@transaction.atomic
def keep_export(community: Community, *, today: date, by: Actor) -> BookVersion:
    """Put what stands in a community on the shelf of its unit, as the next version where anything has changed.

    `today` is a local day; raises what `put_playbook` raises.
    """
    name = community.slug + (_OWN if community.slug in ORDER else "")
    content = export_content(community, today=today) | {"name": name}
    book = Book.objects.filter(name=name).prefetch_related("versions").first()
    newest = newest_of(book) if book else None
    if newest is not None and book is not None and book.removed_at is None and _says_the_same(newest.content, content):
        return newest
    content["version"] = str(int(newest.version.split(".")[0]) + 1) if newest else "1"
    return put_playbook(write_yaml(content), unit=community.unit, by=by, community=community)


def _says_the_same(one: Content, other: Content) -> bool:
    return {**one, "version": ""} == {**other, "version": ""}


@transaction.atomic
def remove_book(book: Book, *, by: Actor) -> Book:
    """Take a book off its shelf; it can be put back. Raises QunyingError where it is used, or others stand on it."""
    book = Book.objects.select_for_update().get(pk=book.pk)
    used, variants = uses_of(book), variants_of(book)
    if used:
        raise QunyingError(
            ngettext(
                "It was drafted or applied in a community once, and stays where it is.",
                "It was drafted or applied %(many)d times, and stays where it is.",
                used,
            )
            % {"many": used}
        )
    if variants:
        names = pgettext("names", ", ").join(variants)
        raise QunyingError(_("Other playbooks stand on it: %(names)s. Remove those first.") % {"names": names})
    if book.removed_at is None:
        book.removed_at = timezone.now()
        book.save(update_fields=["removed_at"])
        write_act(REMOVE, by=by, subject_type="book", subject_id=book.pk, details={"playbook": book.name})
    return book


@transaction.atomic
def restore_book(book: Book, *, by: Actor) -> Book:
    """Put a book back on its shelf with all its versions; one that is there stays as it is."""
    book = Book.objects.select_for_update().get(pk=book.pk)
    if book.removed_at is not None:
        book.removed_at = None
        book.save(update_fields=["removed_at"])
        write_act(RESTORE, by=by, subject_type="book", subject_id=book.pk, details={"playbook": book.name})
    return book
