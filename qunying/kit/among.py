"""`field__among=values`: like `__in`, with one parameter however many the values.

Django's `__in` prepares and numbers each value; with a thousand of them that costs more than the
query. Works for whole numbers and text, and takes any number of values.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, ForeignKey, IntegerField, Lookup

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

    _Lookup = Lookup[Any]
else:
    _Lookup = Lookup


class Among(_Lookup):
    """SQL: column in a list that is bound as a whole."""

    lookup_name = "among"

    def get_prep_lookup(self) -> list[Any]:
        """The values as they are."""
        return list(self.rhs)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """SQLite reads the list as JSON, PostgreSQL as an array."""
        column, bound = self.process_lhs(compiler, connection)
        if connection.vendor == "sqlite":
            # Only a column's name goes into the text; the values are bound.
            return f"{column} IN (SELECT value FROM json_each(%s))", (*bound, json.dumps(self.rhs))  # noqa: S608
        return f"{column} = ANY(%s)", (*bound, self.rhs)


for _field in (CharField, IntegerField, ForeignKey):
    _field.register_lookup(Among)
