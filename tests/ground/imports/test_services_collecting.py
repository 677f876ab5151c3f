"""Old uploads and reports go; what an open import needs, and what is young, stays."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.ground.audit.models import Act
from qunying.ground.files.models import StoredFile
from qunying.ground.files.services import path_of
from qunying.ground.imports.models import ImportRun
from qunying.ground.imports.report import Report
from qunying.ground.imports.services import start_import
from qunying.ground.imports.services_collecting import collect_uploads
from qunying.ground.jobs.models import Job
from qunying.kit.errors import QunyingError
from tests.support.imports import TESTS, bring, import_files

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db(transaction=True)
MEMBERS = "platform,external_id,name,phone,joined_at\nwechat,{who},小美,13800138000,2026-01-05T10:00:00+08:00\n"
BAD = MEMBERS.format(who="a") + "wechat,b,阿强,,yesterday\n"


def age(stored: StoredFile, days: int) -> StoredFile:
    when = timezone.now() - timedelta(days=days)
    StoredFile.objects.filter(pk=stored.pk).update(created_at=when)
    Job.objects.filter(ended_at__isnull=False).update(ended_at=when)
    return stored


def test_an_upload_goes_after_its_days_and_its_name_stays(community: Community) -> None:
    old, young = bring("old.csv", MEMBERS.format(who="a")), bring("young.csv", MEMBERS.format(who="b"))
    import_files(old, "members", community)
    place, other = path_of(old), path_of(young)
    age(old, 91)
    age(young, 89)
    assert collect_uploads() == 1
    assert (place.exists(), other.exists()) == (False, True)
    old.refresh_from_db()
    assert (old.name, old.removed_at is not None) == ("old.csv", True)
    act = Act.objects.latest("pk")
    assert (act.verb, act.actor, act.details) == ("files.remove", "system:chores", {"files": [old.pk]})
    assert collect_uploads() == 0


def test_what_was_removed_is_not_read_but_named(community: Community) -> None:
    old = age(bring("old.csv", MEMBERS.format(who="a")), 91)
    collect_uploads()
    old.refresh_from_db()
    with pytest.raises(QunyingError, match=r"What “old.csv” held was removed on \d{4}-\d\d-\d\d for its age"):
        start_import([old], format="members", community=community, by=TESTS, queue=False)


def test_an_open_import_keeps_its_files(community: Community) -> None:
    waiting = bring("waiting.csv", MEMBERS.format(who="a"))
    run = start_import([waiting], format="members", community=community, by=TESTS, queue=False)
    age(waiting, 400)
    assert (collect_uploads(), path_of(waiting).exists()) == (0, True)
    Job.objects.filter(pk=run.job_id).update(state=Job.State.CANCELLED)
    assert collect_uploads() == 1


def test_content_shared_with_a_younger_file_stays_until_that_one_is_old() -> None:
    old, young = bring("old.csv", MEMBERS.format(who="a")), bring("young.csv", MEMBERS.format(who="a"))
    age(old, 91)
    assert (collect_uploads(), path_of(young).exists()) == (1, True)
    age(young, 91)
    place = path_of(young)
    assert (collect_uploads(), place.exists()) == (1, False)
    again = bring("again.csv", MEMBERS.format(who="a"))
    assert path_of(again).read_text() == MEMBERS.format(who="a")


def test_reports_go_with_the_uploads_and_the_counts_stay(community: Community, director: Staff, client: Client) -> None:
    stored = bring("bad.csv", BAD)
    assert import_files(stored, "members", community)["rejected"] == 1
    run = ImportRun.objects.get()
    paths = [Report(run.pk).path, Report(run.pk).path.with_suffix(".csv")]
    collect_uploads()
    assert [path.exists() for path in paths] == [True, True]
    age(stored, 91)
    collect_uploads()
    assert [path.exists() for path in paths] == [False, False]
    client.force_login(director)
    page = client.get(f"/imports/{run.pk}/").content.decode()
    assert "因存放太久已清理" in page
    assert client.get(f"/imports/{run.pk}/rejected.csv").status_code == 404
    run.job.refresh_from_db()
    assert run.job.result["rejected"] == 1


def test_nothing_goes_where_everything_is_to_be_kept(settings: SettingsWrapper) -> None:
    settings.UPLOAD_DAYS = 0
    age(bring("old.csv", MEMBERS.format(who="a")), 4000)
    assert collect_uploads() == 0
