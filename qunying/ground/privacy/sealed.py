"""The port by which apps name their columns that hold encrypted values, so that their keys can rotate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qunying.ground.members.models import PrivateField
from qunying.ground.members.sealing import open_field, seal

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model, QuerySet


@dataclass(frozen=True, slots=True)
class SealedTable:
    """A table whose column `sealed` holds what `kit.crypto.encrypt` made, or nothing.

    `renew` gives the columns of a row, sealed anew with the current key: the ciphertext and whatever digest
    goes with it.
    """

    name: str
    model: type[Model]
    renew: Callable[[Any], dict[str, bytes]]

    def rows(self) -> QuerySet[Any]:
        """The rows that hold something."""
        return self.model._default_manager.exclude(sealed=b"")  # noqa: SLF001 - Django's name


_tables: dict[str, SealedTable] = {}


def register_sealed(table: SealedTable) -> None:
    """Have the values of this table re-encrypted when keys rotate."""
    _tables[table.name] = table


def sealed_tables() -> list[SealedTable]:
    """Every table with encrypted values, by name."""
    return [_tables[name] for name in sorted(_tables)]


def _renew_private(row: PrivateField) -> dict[str, bytes]:
    fresh = seal(row.member_id, row.name, open_field(row))
    return {"sealed": bytes(fresh.sealed), "digest": bytes(fresh.digest)}


register_sealed(SealedTable("private fields", PrivateField, _renew_private))
