"""What every test stands on. The parts are in tests/support: home directory, cast, browser."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings as hypothesis_settings

from tests.support import home

home.prepare()

from django.db import connection  # noqa: E402 - Django starts above
from django.test import SimpleTestCase  # noqa: E402 - the same

from tests.support.tables import copy_tables, require_template  # noqa: E402 - the same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper

pytest_plugins = ["tests.support.cast", "tests.support.browser"]

# The same examples in every run of the continuous integration, fresh ones at a developer's desk.
hypothesis_settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis_settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser, skip what asks for another database than the one under test, begin with the long."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
        if _drives_programs(item):
            item.add_marker(pytest.mark.flaky(reruns=1))
        if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
            item.add_marker(pytest.mark.skip(reason="asks for PostgreSQL: set QUNYING_TEST_DATABASE"))
        if connection.vendor == "postgresql" and (item.get_closest_marker("once") or not _reaches_database(item)):
            item.add_marker(pytest.mark.skip(reason="the same on every database: the pass on SQLite has run it"))
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def _drives_programs(item: pytest.Item) -> bool:
    """Whether a test waits for other programs: a browser, a server, processes of ours. See decision 0145."""
    marked = any(item.get_closest_marker(name) for name in ("browser", "once", "long"))
    return marked or "crash" in item.path.parts or "synapse" in getattr(item, "fixturenames", ())


def _reaches_database(item: pytest.Item) -> bool:
    """Whether a test can reach the database under test: pytest-django refuses all that do not ask for it.

    Those of crashes and backups start processes of their own on databases beside it.
    """
    asked = {"db", "transactional_db", "django_db_setup", "live_server", "installation", "make_place"}
    of_django = isinstance(item, pytest.Function) and item.cls is not None and issubclass(item.cls, SimpleTestCase)
    return (
        of_django
        or item.get_closest_marker("django_db") is not None
        or not asked.isdisjoint(getattr(item, "fixturenames", ()))
    )


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The file of the database under test is laid out beforehand; its directory is gone at the end anyhow."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """The database under test begins as a copy of one with all its tables."""
    given = home.database_under_test()
    if given:
        connection.settings_dict["TEST"]["TEMPLATE"] = require_template(given)
    else:
        copy_tables(Path(connection.settings_dict["TEST"]["NAME"]))


@pytest.fixture(autouse=True)
def _own_ground(settings: SettingsWrapper, tmp_path: Path) -> Iterator[None]:
    """Every test has a lake and uploads of its own, and reads English unless it says otherwise."""
    from django.utils import translation  # noqa: PLC0415 - Django starts above

    from qunying.ground.groups.lately import forget  # noqa: PLC0415 - as above

    forget()
    settings.LAKE = tmp_path / "lake"
    settings.UPLOADS = tmp_path / "files"
    settings.ERASURES = tmp_path / "erasures.jsonl"
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout; tests that read it are skipped where it is absent."""
    folder = Path(os.environ.get("QUNYING_SHARED_DATA", home.ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"The real data is not here: {folder} (QUNYING_SHARED_DATA names another folder).")
    return folder
