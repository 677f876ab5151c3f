"""Playbooks applied until now were applied when goals alone were live, and nobody kept their first content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations
from django.db.models import F

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def say_what_was_live(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """The content as it was reviewed stands for the first one; of the sections goals were live."""
    apps.get_model("playbooks", "Application").objects.filter(original={}).update(original=F("content"), live=["goals"])


class Migration(migrations.Migration):
    dependencies = [("playbooks", "0002_keep_versions_and_own_books")]
    operations = [migrations.RunPython(say_what_was_live, migrations.RunPython.noop)]
