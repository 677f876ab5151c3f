"""Which tables a backup carries, and what each column holds, told in words of neither database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models

from qunying.ground.backups.port import left_out

if TYPE_CHECKING:
    from typing import Any

    Field = models.Field[Any, Any]

_WORDS: tuple[tuple[type[models.Field[object, object]], str], ...] = (
    (models.BinaryField, "bytes"),
    (models.DateTimeField, "time"),  # before DateField, which it is a kind of
    (models.DateField, "day"),
    (models.TimeField, "clock"),
    (models.JSONField, "json"),
    (models.BooleanField, "truth"),
    (models.DecimalField, "decimal"),
    (models.FloatField, "float"),
    (models.IntegerField, "whole"),
    (models.AutoField, "whole"),
    (models.GenericIPAddressField, "address"),
    (models.CharField, "text"),
    (models.TextField, "text"),
)
POSTGRES = {
    "bytes": "bytea",
    "time": "timestamptz",
    "day": "date",
    "clock": "time",
    "json": "jsonb",
    "truth": "boolean",
    "decimal": "numeric",
    "float": "float8",
    "whole": "bigint",
    "address": "inet",
    "text": "text",
}
"""What a column holds → the PostgreSQL type its values are bound as."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name, its primary key, its columns (name, what it holds), whether rows point at rows of it."""

    name: str
    key: str
    columns: tuple[tuple[str, str], ...]
    own: bool


def tables() -> list[Table]:
    """The tables a backup carries, each behind those its rows point at."""
    found = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}  # noqa: SLF001
    wanted = {
        name: model
        for name, model in sorted(found.items())
        if name not in left_out() and model._meta.managed and not model._meta.proxy  # noqa: SLF001
    }
    return [_table(wanted[name]) for name in _in_order({name: _points_at(model) for name, model in wanted.items()})]


def _in_order(pointing: dict[str, set[str]]) -> list[str]:
    placed: list[str] = []
    waiting = {name: targets & pointing.keys() - {name} for name, targets in pointing.items()}
    while waiting:
        free = [name for name, targets in waiting.items() if not targets - set(placed)]
        for name in free or [min(waiting)]:  # a ring has no right order: constraints are looked at late anyway
            placed.append(name)
            del waiting[name]
    return placed


def _points_at(model: type[models.Model]) -> set[str]:
    return {
        field.related_model._meta.db_table  # noqa: SLF001 - Django's own word for it
        for field in model._meta.local_concrete_fields  # noqa: SLF001 - as above
        if isinstance(field, models.ForeignKey)
    }


def _table(model: type[models.Model]) -> Table:
    meta = model._meta  # noqa: SLF001 - Django's own word for it
    columns = tuple((str(field.column), holds(field)) for field in meta.local_concrete_fields)
    return Table(meta.db_table, str(meta.pk.column), columns, meta.db_table in _points_at(model))


def holds(field: Field) -> str:
    """What the column of this field holds; raises TypeError for a kind of field nobody has thought of yet."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    word = next((word for kind, word in _WORDS if isinstance(field, kind)), None)
    if word is None:
        raise TypeError(f"backups do not know {type(field).__name__} ({field})")
    return word
