"""Starting an import: what is asked, checked and written down, and who may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django_q.models import OrmQ

from qunying.ground.audit.models import Act
from qunying.ground.events.models import Event
from qunying.ground.groups.models import Group
from qunying.ground.imports.importers import importer_named
from qunying.ground.imports.queries import get_run_for, mappings_for, rejected_rows, runs_for
from qunying.ground.imports.services import save_mapping, start_import
from qunying.kit.errors import NotFoundError, QunyingError
from tests.support.imports import TESTS, bring, import_files

if TYPE_CHECKING:
    from pytest_django import DjangoCaptureOnCommitCallbacks

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db

CHAT = ("2024-05-01.txt", "[10:00] <mei> hi\n")
ORDERS = ("o.csv", "order_id,member,time,amount\nA,m,2024-05-01,1\n")
PEOPLE = ("m.csv", "platform,external_id,joined_at\nQQ,7,2024-05-01\n")


def test_an_import_is_written_down_and_handed_to_a_worker_after_commit(
    community: Community, specialist: Staff, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    stored = bring(*CHAT)
    with django_capture_on_commit_callbacks(execute=True):
        run = start_import([stored], format="irc", community=community, by=specialist)
        assert OrmQ.objects.count() == 0
    assert OrmQ.objects.count() == 1
    act = Act.objects.get(verb="imports.start")
    assert (act.actor, act.subject_id) == (specialist.actor_key, str(run.pk))
    assert act.details == {"format": "irc", "files": [stored.digest], "dry_run": False}
    assert run.job.unit == community.unit


def test_the_group_of_an_import_is_made_where_its_people_are(community: Community) -> None:
    for file, format_, name in ((CHAT, "irc", "聊天"), (PEOPLE, "members", "名单"), (ORDERS, "orders", "订单")):
        import_files(bring(*file), format_, community, group=name)
    groups = Group.objects.order_by("pk").values_list("name", "platform")
    assert list(groups) == [("聊天", "irc"), ("名单", "qq"), ("订单", "shop")]
    assert Event.objects.filter(group=None).count() == 0


def test_a_dry_run_makes_no_group(community: Community) -> None:
    result = import_files(bring(*CHAT), "irc", community, group="新群", dry_run=True)
    assert (result["stored"], Group.objects.count(), Event.objects.count()) == (1, 0, 0)


def test_unknown_formats_and_options_are_refused_by_name(community: Community) -> None:
    with pytest.raises(QunyingError, match="no format “morse”"):
        importer_named("morse")
    with pytest.raises(QunyingError, match="The format irc has no option “colour”"):
        import_files(bring(*CHAT), "irc", community, options={"colour": "red"})
    with pytest.raises(QunyingError, match="“Mars” is not a time zone"):
        import_files(bring(*CHAT), "irc", community, options={"timezone": "Mars"})
    with pytest.raises(QunyingError, match="“klingon” is not an encoding"):
        import_files(bring(*ORDERS), "orders", community, options={"encoding": "klingon"})


def test_a_mapping_is_kept_under_its_name(community: Community, specialist: Staff) -> None:
    for column in ("basket", "bon"):
        save_mapping(" 有赞 ", community=community, format="orders", columns={"order_id": column}, by=specialist)
    assert list(mappings_for(community, format="orders").values_list("name", "columns")) == [
        ("有赞", {"order_id": "bon"})
    ]
    with pytest.raises(QunyingError, match="has no column “colour”"):
        save_mapping("x", community=community, format="orders", columns={"colour": "a"}, by=specialist)
    with pytest.raises(QunyingError, match="has no name"):
        save_mapping(" ", community=community, format="orders", columns={}, by=specialist)


def test_an_import_outside_ones_unit_does_not_exist(
    community: Community, specialist: Staff, reviewer: Staff, outsider: Staff
) -> None:
    run = start_import([bring(*CHAT)], format="irc", community=community, by=TESTS, queue=False)
    assert (get_run_for(specialist, run.pk), rejected_rows(run)) == (run, [])
    for stranger in (reviewer, outsider):
        assert list(runs_for(stranger)) == []
        with pytest.raises(NotFoundError):
            get_run_for(stranger, run.pk)
