"""What came back: counted from facts, links, tables and hands, each with what it is a share of."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from qunying.do.publishing.figures import figures_by_group, figures_of, figures_of_entry, figures_of_pieces
from qunying.do.publishing.models import Piece, Publication, PublicationLink
from qunying.do.publishing.month import month_of, part_of_day
from qunying.do.publishing.queries import deliveries_of, loose_pieces, publications_of
from qunying.do.publishing.services import publish_entry
from qunying.do.publishing.services_figures import tie_piece, untie_piece
from qunying.do.reach.links import count_click
from qunying.do.reach.tasks import send_through
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.models import Member
from qunying.ground.members.services import Who
from qunying.plan.content.services import Draft
from tests.do.publishing.conftest import people
from tests.support.publishing import approved_entry

if TYPE_CHECKING:
    from datetime import date

    from pytest_django import DjangoAssertNumQueries
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.platforms.models import Account
    from qunying.plan.content.models import Entry

pytestmark = pytest.mark.django_db
PLATFORM = "loopback"


def today() -> date:
    """The local day of the community."""
    return timezone.localdate(timezone=ZoneInfo("Asia/Shanghai"))


def did(kind: str, who: str, publication: Publication, group: Group) -> None:
    """Have somebody do something with what came into this group."""
    sent = deliveries_of(publication).get(group=group)
    about = {"object_type": "message", "object_id": sent.external_id.split()[0][:80]}
    key = (kind, who, publication.pk, timezone.now().isoformat())
    fact = Fact(kind, timezone.now(), key, who=Who(PLATFORM, who), group_id=group.pk, **about)  # type: ignore[arg-type]
    record([fact], community=group.community, source="tests")


def test_each_person_counts_once_for_each_thing_and_the_base_is_who_was_there(
    published: Publication, connected: list[Group]
) -> None:
    for kind, who in (("read", "a"), ("read", "a"), ("read", "b"), ("reacted", "a"), ("replied", "b")):
        did(kind, who, published, connected[0])
    did("read", "d", published, connected[1])
    people(connected[0], "late")
    found = figures_by_group([published])[published.pk, connected[0].pk]
    assert (found.groups, found.counts["read"], found.counts["liked"], found.counts["commented"]) == (1, 2, 1, 1)
    assert (figures_of([published])[published.pk].counts["read"], found.rate_of("read")) == (3, 2 / found.reached)


def test_the_team_is_no_audience(published: Publication, connected: list[Group]) -> None:
    Member.objects.filter(identities__external_id="a").update(is_staff=True)
    did("read", "a", published, connected[0])
    found = figures_by_group([published])[published.pk, connected[0].pk]
    assert (found.reached, found.counts["read"]) == (2, 0)


def test_what_did_not_arrive_has_no_figures(entry: Entry, connected: list[Group], specialist: Staff) -> None:
    made = publish_entry(entry, groups=connected[:1], by=specialist, due_at=timezone.now() + timedelta(hours=1))
    found = figures_of([made])[made.pk]
    assert (found.groups, found.reached, found.rate_of("read")) == (0, 0, None)


def test_clicks_come_from_the_links_of_the_group(
    community: Community,
    connected: list[Group],
    account: Account,
    specialist: Staff,
    reviewer: Staff,
    second: Staff,
    settings: SettingsWrapper,
) -> None:
    settings.PUBLIC_URL = "https://qy.example"
    draft = Draft("养护", words="见 https://example.com/a")
    entry = approved_entry(community, reviewer, second, by=specialist, draft=draft)
    people(connected[0], "a", "b", "c")
    made = publish_entry(entry, groups=connected[:2], by=specialist, counts_clicks=True)
    send_through(account.pk)
    link = PublicationLink.objects.select_related("link__community").get(link__group=connected[0]).link
    for visitor in ("x", "y"):
        count_click(link, visitor=visitor)
    found = figures_by_group([made])
    assert [found[made.pk, group.pk].counts["clicked"] for group in connected[:2]] == [2, 0]
    assert found[made.pk, connected[0].pk].rate_of("clicked") == pytest.approx(2 / 3)


def told(community: Community, title: str, **figures: object) -> None:
    """Have an imported table tell of a piece, and of its figures."""
    about: dict[str, object] = {"platform": "douyin", "title": title}
    what = {"object_type": "content", "object_id": title}
    now = timezone.now()
    facts = [Fact("published", now - timedelta(hours=2), ("p", title), payload=about, **what)]  # type: ignore[arg-type]
    if figures:
        key = ("m", title, str(figures))
        facts.append(Fact("measured", now, key, payload=about | figures, **what))  # type: ignore[arg-type]
    record(facts, community=community, source="tests")


def test_a_piece_elsewhere_brings_the_figures_of_the_newest_table(
    entry: Entry, community: Community, specialist: Staff
) -> None:
    told(community, entry.title, views=10, exposures=100)
    told(community, entry.title, views=40, exposures=200, likes=4, completion_rate=0.25)
    assert [(one.platform, one.same) for one in loose_pieces(entry)] == [("douyin", True)]
    piece = tie_piece(entry, platform="douyin", object_id=entry.title, by=specialist)
    found = figures_of_pieces([piece])[piece.pk]
    assert (found.counts["shown"], found.counts["read"], found.counts["completed"]) == (200, 40, 10)
    assert (found.rate_of("liked"), found.rate_of("completed")) == (0.02, 0.25)
    assert figures_of_entry([], [piece]).pieces == 1
    assert loose_pieces(entry) == []
    untie_piece(piece, by=specialist)
    assert (Piece.objects.count(), len(loose_pieces(entry))) == (0, 1)


def test_a_month_counts_what_arrived_by_theme_form_and_time(
    published: Publication, connected: list[Group], community: Community, specialist: Staff
) -> None:
    did("read", "a", published, connected[0])
    told(community, "x", views=5, exposures=10)
    tie_piece(published.entry, platform="douyin", object_id="x", by=specialist)
    day = today()
    month = month_of(community, first=day - timedelta(days=2), last=day + timedelta(days=2))
    whole = month.whole
    assert (whole.published, whole.figures.groups, whole.figures.reached, whole.figures.counts["read"]) == (1, 2, 4, 1)
    assert [(one.key, one.published) for one in (*month.themes, *month.forms)] == [(None, 1), ("text", 1)]
    assert sum(one.published for one in month.times) == 1
    assert (month.elsewhere.published, month.elsewhere.figures.counts["read"]) == (1, 5)
    empty = month_of(community, first=day - timedelta(days=60), last=day - timedelta(days=40))
    assert (empty.whole.published, empty.themes) == (0, [])


def test_parts_of_the_day_begin_at_their_hours() -> None:
    assert [part_of_day(hour) for hour in (0, 8, 9, 12, 13, 14, 18, 21, 22, 23)] == [
        0,
        0,
        9,
        12,
        12,
        14,
        18,
        18,
        22,
        22,
    ]


def test_figures_of_many_ask_no_more_often(
    published: Publication, connected: list[Group], specialist: Staff, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(5):
        figures_of([published])
    publish_entry(published.entry, groups=connected[2:], by=specialist)
    several = list(publications_of(published.community))
    with django_assert_num_queries(5):
        figures_of(several)
