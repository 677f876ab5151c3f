"""The table of the cache that every process shares: sign-in limits are counted in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.management import call_command
from django.db import migrations

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "qunying_cache"


def make_table(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Django's own command knows the columns on every database."""
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


def drop_table(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The cache holds nothing that must be kept."""
    schema_editor.execute(f"DROP TABLE IF EXISTS {TABLE}")


class Migration(migrations.Migration):
    dependencies = [("access", "0003_sign_in_names_once")]

    operations = [migrations.RunPython(make_table, drop_table)]
