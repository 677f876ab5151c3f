"""What every test would pay for and none needs."""

from __future__ import annotations

from django.core.management import call_command
from django.test import TransactionTestCase
from whitenoise.middleware import WhiteNoiseMiddleware


def spare() -> None:
    """Have this process do once, or not at all, what Django and its kin would do for each test anew."""
    _list_static_files_once()
    _only_empty_tables()


def _list_static_files_once() -> None:
    # Each client of a test would look for all static files and open them anew.
    files: dict[str, object] = {}
    find = WhiteNoiseMiddleware.add_files_from_finders

    def add_files_from_finders(self: WhiteNoiseMiddleware) -> None:
        if not files:
            find(self)
            files.update(self.files)
        self.files = files

    WhiteNoiseMiddleware.add_files_from_finders = add_files_from_finders


def _only_empty_tables() -> None:
    # After each transactional test Django names the permissions of all models again, which Qunying never asks for.
    def empty(self: TransactionTestCase) -> None:
        for name in self._databases_names(include_mirrors=False):
            call_command(
                "flush",
                verbosity=0,
                interactive=False,
                database=name,
                reset_sequences=self.reset_sequences,
                inhibit_post_migrate=True,
            )

    TransactionTestCase._fixture_teardown = empty
