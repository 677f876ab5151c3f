"""The same file for another group is pointed out before it is stored a second time."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from qunying.ground.files.services import store_file
from qunying.ground.imports.doubles import doubles_of
from qunying.ground.imports.services import go_for_good, start_import
from qunying.ground.imports.services_unfolding import unfold
from qunying.ground.jobs.services import run_to_end
from tests.support.cast import TESTS
from tests.support.exports import WHATSAPP, zipped

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community
    from qunying.ground.imports.models import ImportRun

pytestmark = pytest.mark.django_db


def bring(community: Community, *, name: str = "Roses.txt", group: str = "", dry_run: bool = True) -> ImportRun:
    packed = name.endswith(".zip")
    raw = zipped({"Roses.txt": WHATSAPP, "Tulips.txt": WHATSAPP + "\n"}) if packed else WHATSAPP.encode()
    stored = unfold([store_file(BytesIO(raw), name=name, purpose="import", unit=community.unit, by=TESTS)], by=TESTS)
    run = start_import(stored, format="whatsapp", community=community, by=TESTS, group=group, dry_run=dry_run)
    run_to_end(run.job)
    run.refresh_from_db()
    return run


def told(run: ImportRun) -> list[tuple[str, str, str]]:
    return [(one.name, one.earlier_group, one.group) for one in doubles_of(run)]


def test_a_chat_without_a_group_and_one_out_of_an_archive_are_told_apart(community: Community) -> None:
    bring(community, dry_run=False)
    again = bring(community, name="chats.zip")
    assert told(again) == [("chats.zip/Roses.txt", "", "Roses")]
    assert again.job.result["stored"] > 0


def test_the_same_file_for_the_same_group_is_none(community: Community) -> None:
    tried = bring(community, group="花友一群")
    assert told(tried) == []
    run_to_end(go_for_good(tried, by=TESTS).job)
    assert told(bring(community, group="花友一群")) == []
    assert told(bring(community, group="花友二群")) == [("Roses.txt", "花友一群", "花友二群")]
    assert told(bring(community)) == [("Roses.txt", "花友一群", "")]


def test_only_what_was_stored_counts_and_only_here(community: Community, other_community: Community) -> None:
    bring(community)
    bring(other_community, dry_run=False)
    assert told(bring(community, group="花友一群")) == []
