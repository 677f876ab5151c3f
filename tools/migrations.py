"""Fails where a model has changed and no migration says so: `python -m tools.migrations`."""

from __future__ import annotations

import os
import tempfile

import django


def main() -> None:
    """Ask Django, on an empty home of its own; the exit code is Django's."""
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "qunying.settings", "QUNYING_HOME": home, "QUNYING_DATABASE": ""}
        django.setup()
        from django.core.management import call_command  # noqa: PLC0415 - Django has just started

        call_command("makemigrations", check=True, dry_run=True, verbosity=1)


if __name__ == "__main__":
    main()
