"""The table of the cache that every process shares: sign-in limits are counted in it."""

from django.core.management import call_command
from django.db import migrations

TABLE = "qunying_cache"


def make_table(apps, schema_editor):
    """Django's own command knows the columns on every database."""
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


def drop_table(apps, schema_editor):
    """The cache holds nothing that must be kept."""
    schema_editor.execute(f"DROP TABLE IF EXISTS {TABLE}")


class Migration(migrations.Migration):
    dependencies = [("access", "0003_sign_in_names_once")]

    operations = [migrations.RunPython(make_table, drop_table)]
