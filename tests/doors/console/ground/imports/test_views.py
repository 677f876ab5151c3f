"""The steps of an import, asked for directly: who may, what is refused, what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qunying.ground.events.models import Event
from qunying.ground.imports.models import ColumnMapping, ImportRun
from qunying.ground.jobs.services import run_to_end
from tests.support.exports import QQ, WHATSAPP, zipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

    SignIn = Callable[..., Client]

pytestmark = pytest.mark.django_db
NEW = "/communities/flowers/imports/new/"
HEADER = "platform,external_id,name,joined_at,城市\n"
GOOD = "wechat,m1,小美,2026-01-05T10:00:00+08:00,杭州\n"
BAD = "wechat,m2,阿强,去年,上海\n"


def table(*rows: str, name: str = "members.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, (HEADER + "".join(rows)).encode())


def bring(client: Client, *files: SimpleUploadedFile) -> str:
    """Upload, and the address of step 2."""
    address = client.post(NEW, {"files": files}).url
    assert address.endswith("/format/")
    return str(address)


def try_out(client: Client, *files: SimpleUploadedFile) -> ImportRun:
    """All steps up to the end of the trial."""
    address = bring(client, *files)
    columns = client.post(address, {"format": "members", "group": "花友一群"}).url
    mapped = {f"column.{name}": name for name in ("platform", "external_id", "name", "joined_at")}
    client.post(columns, mapped | {"unknown.城市": "tag"})
    run = ImportRun.objects.latest("pk")
    run_to_end(run.job)
    return run


@pytest.mark.parametrize("name", ["reviewer", "outsider"])
@pytest.mark.parametrize("path", ["", "new/", "0a1b/files/", "0a1b/format/", "0a1b/columns/"])
def test_who_may_not_import_finds_nothing(
    request: pytest.FixtureRequest, client_for: SignIn, community: Community, name: str, path: str
) -> None:
    client = client_for(request.getfixturevalue(name))
    assert client.get(f"/communities/flowers/imports/{path}").status_code == 404


def test_an_import_of_others_does_not_exist(
    client_for: SignIn, specialist: Staff, outsider: Staff, community: Community
) -> None:
    run, stranger = try_out(client_for(specialist), table(GOOD, BAD)), client_for(outsider)
    for path in ("", "progress/", "rejected.csv"):
        assert stranger.get(f"/imports/{run.pk}/{path}").status_code == 404
    for path in ("go/", "cancel/"):
        assert stranger.post(f"/imports/{run.pk}/{path}").status_code == 404


def test_a_draft_belongs_to_its_session_and_community(
    client_for: SignIn, specialist: Staff, director: Staff, community: Community, other_community: Community
) -> None:
    client = client_for(director)
    address = bring(client, table(GOOD))
    assert client_for(specialist).get(address).status_code == 404
    assert client.get(address.replace("flowers", "fruit")).status_code == 404


def test_no_file_is_refused_with_a_sentence(client_for: SignIn, specialist: Staff, community: Community) -> None:
    answer = client_for(specialist, "en").post(NEW)
    assert (answer.status_code, "No file came" in answer.content.decode()) == (400, True)


def test_a_bad_file_among_good_ones_is_named_and_the_good_ones_stay(
    client_for: SignIn, specialist: Staff, community: Community
) -> None:
    client = client_for(specialist, "en")
    empty = SimpleUploadedFile("empty.csv", b"")
    answer = client.post(NEW, {"files": [table(GOOD), empty]})
    page = answer.content.decode()
    assert (answer.status_code, "“empty.csv” is empty" in page, "members.csv" in page) == (400, True, True)


def test_an_archive_of_chats_becomes_its_files_and_a_mixture_is_refused(
    client_for: SignIn, specialist: Staff, community: Community
) -> None:
    client = client_for(specialist, "en")
    chats = SimpleUploadedFile("all.zip", zipped({"Roses.txt": WHATSAPP, "Tulips.txt": WHATSAPP}))
    address = bring(client, chats)
    context = client.get(address).context
    assert (context["seen"].format, context["different"]) == ("whatsapp", [])
    client.post(address, {"format": "whatsapp"})
    run = ImportRun.objects.latest("pk")
    assert [stored.name for stored in run.files.order_by("pk")] == ["all.zip/Roses.txt", "all.zip/Tulips.txt"]
    mixed = SimpleUploadedFile("mixed.zip", zipped({"Roses.txt": WHATSAPP, "qq.txt": QQ}))
    answer = client.post(NEW, {"files": [mixed]})
    assert (answer.status_code, "“mixed.zip/qq.txt” does not." in answer.content.decode()) == (400, True)


def test_a_file_can_be_left_out_again(client_for: SignIn, specialist: Staff, community: Community) -> None:
    client = client_for(specialist)
    address = bring(client, table(GOOD), table(GOOD, name="more.csv")).replace("/format/", "/files/")
    files = client.get(address).context["files"]
    client.post(f"{address}{files[0].pk}/drop/")
    assert [file.name for file in client.get(address).context["files"]] == ["more.csv"]


def test_the_format_is_recognised_with_its_nearest_alternatives(
    client_for: SignIn, specialist: Staff, community: Community
) -> None:
    client = client_for(specialist)
    context = client.get(bring(client, table(GOOD))).context
    assert (context["seen"].format, context["seen"].encoding) == ("members", "utf-8")
    assert context["seen"].rows[0][:3] == ["wechat", "m1", "小美"]
    assert context["nearest"][0][0].name == "members"


def test_a_file_of_another_kind_is_pointed_out(client_for: SignIn, specialist: Staff, community: Community) -> None:
    client = client_for(specialist)
    chat = SimpleUploadedFile("2026-01-05.txt", "[10:00] <xiaomei> 早\n[10:01] <aqiang> 早\n".encode())
    assert client.get(bring(client, table(GOOD), chat)).context["different"] == ["2026-01-05.txt"]


@pytest.mark.parametrize("given", [{"format": "nonsense"}, {"format": "members", "option.encoding": "klingon"}])
def test_what_cannot_be_read_so_is_refused(
    client_for: SignIn, specialist: Staff, community: Community, given: dict[str, str]
) -> None:
    client = client_for(specialist)
    assert client.post(bring(client, table(GOOD)), given).status_code == 400


def test_a_trial_stores_nothing_and_the_import_all_that_is_good(
    client_for: SignIn, specialist: Staff, community: Community
) -> None:
    client = client_for(specialist, "en")
    tried = try_out(client, table(GOOD, BAD))
    page = client.get(f"/imports/{tried.pk}/")
    assert (page.context["counts"].stored, page.context["counts"].rejected, Event.objects.count()) == (1, 1, 0)
    assert [(row["row"], row["column"], row["value"]) for row in page.context["rejected"]] == [(3, "joined_at", "去年")]
    client.post(f"/imports/{tried.pk}/go/")
    run = ImportRun.objects.latest("pk")
    run_to_end(run.job)
    assert (run.dry_run, run.group and run.group.name, Event.objects.count()) == (False, "花友一群", 1)
    report = b"".join(client.get(f"/imports/{run.pk}/rejected.csv").streaming_content).decode("utf-8-sig")
    assert [line.split(",")[:4] for line in report.splitlines()[1:]] == [["members.csv", "3", "joined_at", "去年"]]


def test_the_same_file_again_has_nothing_to_import(client_for: SignIn, specialist: Staff, community: Community) -> None:
    client = client_for(specialist, "en")
    client.post(f"/imports/{try_out(client, table(GOOD)).pk}/go/")
    run_to_end(ImportRun.objects.latest("pk").job)
    page = client.get(f"/imports/{try_out(client, table(GOOD)).pk}/").content.decode()
    assert "is known already" in page


def test_a_trial_that_failed_cannot_be_imported(client_for: SignIn, specialist: Staff, community: Community) -> None:
    client = client_for(specialist)
    tried = try_out(client, table(GOOD))
    type(tried.job).objects.update(state="failed", error="没有一行能读")
    client.post(f"/imports/{tried.pk}/go/")
    assert ImportRun.objects.count() == 1
    assert "没有一行能读" in client.get(f"/imports/{tried.pk}/").content.decode()


def test_a_mapping_is_saved_and_taken_over(client_for: SignIn, specialist: Staff, community: Community) -> None:
    client = client_for(specialist)
    columns = client.post(bring(client, table(GOOD)), {"format": "members"}).url
    client.post(columns, {"column.external_id": "name", "save_as": "反着来", "unknown.城市": ""})
    saved = ColumnMapping.objects.get()
    assert (saved.name, saved.columns["external_id"], saved.options) == ("反着来", "name", {"tags": "none"})
    again = client.post(bring(client, table(GOOD)), {"format": "members"}).url
    lines = client.get(f"{again}?mapping={saved.pk}").context["lines"]
    assert {line.column.name: line.header for line in lines if line.header}["external_id"] == "name"


def test_a_missing_column_sends_back_to_the_columns(
    client_for: SignIn, specialist: Staff, community: Community
) -> None:
    client = client_for(specialist, "en")
    columns = client.post(bring(client, table(GOOD)), {"format": "members"}).url
    page = client.post(columns, {"column.external_id": ""}, follow=True)
    assert page.redirect_chain[-1][0] == columns
    assert "external_id" in str(next(iter(page.context["messages"])))


def test_a_run_can_be_stopped_once(client_for: SignIn, specialist: Staff, community: Community) -> None:
    client = client_for(specialist, "en")
    tried = try_out(client, table(GOOD))
    page = client.post(f"/imports/{tried.pk}/cancel/", follow=True).content.decode()
    assert "has ended already" in page


def test_progress_asks_for_the_whole_page_when_the_job_has_ended(
    client_for: SignIn, specialist: Staff, community: Community
) -> None:
    client = client_for(specialist)
    tried = try_out(client, table(GOOD))
    assert client.get(f"/imports/{tried.pk}/progress/")["HX-Refresh"] == "true"
    type(tried.job).objects.update(state="running")
    assert "HX-Refresh" not in client.get(f"/imports/{tried.pk}/progress/")


def test_the_list_shows_trials_only_when_asked(client_for: SignIn, specialist: Staff, community: Community) -> None:
    client = client_for(specialist)
    try_out(client, table(GOOD))
    counts = [len(client.get(f"/communities/flowers/imports/{query}").context["rows"]) for query in ("", "?trials=1")]
    assert counts == [0, 1]


def test_the_list_costs_the_same_with_one_and_three(
    client_for: SignIn, specialist: Staff, community: Community, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_for(specialist)
    for runs in (1, 2):
        for _again in range(runs):
            try_out(client, table(GOOD))
        with django_assert_num_queries(10):
            client.get("/communities/flowers/imports/?trials=1")
