"""Playbooks of one's own: those on the shelves of units, beside those that come with Qunying."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from qunying.ground.access.models import ApiKey, Staff
from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.kit.errors import NotFoundError
from qunying.plan.playbooks.differences import version_key
from qunying.plan.playbooks.lint import Linted, lint_text
from qunying.plan.playbooks.models import Application, Book, BookVersion
from qunying.plan.playbooks.shelf import ORDER, Playbook, playbook_named, reading, shelf_content

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder
    from qunying.ground.audit.actors import Actor
    from qunying.plan.playbooks.variants import Content


def books_for(staff: Holder) -> QuerySet[Book]:
    """Books on the shelves of this person's units, and of the units above those; without what was removed."""
    units = units_for(staff, Permission.SEE_PLAN)
    above = {int(part) for path in units.values_list("path", flat=True) for part in path.split("/") if part}
    found = Book.objects.filter(Q(unit__in=units) | Q(unit__in=above), removed_at__isnull=True)
    return found.select_related("unit").prefetch_related("versions")


def get_book_for(staff: Holder, name: str, *, removed: bool = False) -> Book:
    """The book of this name (one that was removed, too, if asked); NotFoundError where it is not this person's."""
    books = books_for(staff)
    if removed:
        seen = units_for(staff, Permission.SEE_PLAN)
        books = Book.objects.filter(unit__in=seen).select_related("unit").prefetch_related("versions")
    book = books.filter(name=name).first()
    if book is None:
        raise NotFoundError(_("There is no such playbook on your shelves."))
    return book


def newest_of(book: Book) -> BookVersion:
    """Its highest version: 1.10 stands above 1.9."""
    return max(book.versions.all(), key=lambda one: version_key(one.version))


def all_own() -> list[Book]:
    """Every book on any shelf, for the command line."""
    return list(Book.objects.filter(removed_at__isnull=True).select_related("unit").prefetch_related("versions"))


def find_playbook(name: str, version: str = "") -> Playbook | None:
    """The playbook of this name, one that comes with Qunying or one's own, its highest version unless one is named."""
    if name in ORDER:
        book = playbook_named(name)
        return book if version in ("", book.version) else None
    own = Book.objects.filter(name=name, removed_at__isnull=True).prefetch_related("versions").first()
    if own is None:
        return None
    if not version:
        return playbook_of(newest_of(own))
    row = own.versions.filter(version=version).first()
    return playbook_of(row) if row else None


def get_playbook_for(staff: Holder, name: str) -> Playbook:
    """The playbook of this name that this person may read; raises NotFoundError naming those there are."""
    if name in ORDER:
        return playbook_named(name)
    return playbook_of(newest_of(get_book_for(staff, name)))


def playbook_of(row: BookVersion) -> Playbook:
    """A version on a shelf as a playbook."""
    return Playbook(row.text, row.content)


def content_named(name: str, *, by: Actor) -> Content | None:
    """What a text of this writer may stand on: a playbook of the house or one on their shelves; None for any other."""
    found = shelf_content(name)
    if found is not None:
        return found
    own = _open_to(by).filter(name=name).first()
    return playbook_of(newest_of(own)).content if own else None


def _open_to(by: Actor) -> QuerySet[Book]:
    """The books this writer may read: a person's or a key's own shelves; every shelf for the machine's own hand."""
    if isinstance(by, Staff | ApiKey):
        return books_for(by)
    return Book.objects.filter(removed_at__isnull=True).prefetch_related("versions")


def lint_own(text: str, *, by: Actor) -> Linted:
    """Check a text that may stand on any playbook of the house or on one that its writer may read."""
    return lint_text(text, find=lambda name: content_named(name, by=by))


def read_own(text: str, *, by: Actor) -> Playbook:
    """The playbook of a text that may stand on one its writer may read; raises QunyingError with the first fault."""
    return reading(text, lint_own(text, by=by))


def uses_of(book: Book) -> int:
    """In how many communities it was drafted or applied."""
    return Application.objects.filter(playbook=book.name).count()


def variants_of(book: Book) -> list[str]:
    """Names of the books that stand on this one."""
    rows = BookVersion.objects.filter(book__removed_at__isnull=True).exclude(book=book).select_related("book")
    return sorted({row.book.name for row in rows if _stands_on(row, book.name)})


def _stands_on(row: BookVersion, name: str) -> bool:
    return any(line.split(":", 1)[1].strip() == name for line in row.text.splitlines() if line.startswith("extends:"))
