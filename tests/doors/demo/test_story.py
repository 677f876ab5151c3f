"""The planted episodes show in the product's own figures, and a quiet history shows none of them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from statistics import median
from typing import TYPE_CHECKING

import pytest
from django.db import transaction

from qunying.doors.demo.episodes import EARLY_LEAVING, LEAK, What, plan_episodes
from qunying.doors.demo.example import make_example
from qunying.doors.demo.people import LOCAL
from qunying.doors.demo.plan import CHANNELS, FLYER
from qunying.ground.events.models import Event, Message
from qunying.ground.figures.results import Scope
from qunying.ground.figures.services import measure
from qunying.ground.groups.models import Community, Group, Membership
from qunying.ground.members.models import Member
from qunying.kit.periods import Period, last_days, week_of
from tests.doors.demo.conftest import QUIET, SMALL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker

    from qunying.doors.demo.episodes import Episode

pytestmark = pytest.mark.django_db
ALL = Period(SMALL.first, SMALL.last)
EPISODES = {each.what: each for each in plan_episodes(SMALL)}


@pytest.fixture(scope="module")
def shops(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Community]]:
    """The example with its episodes and without, made once for this module and taken back after it."""
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), transaction.atomic():
        yield {
            slug: make_example(plan, folder / slug, slug=slug, tell=lambda _name, _job: None)
            for slug, plan in (("planted", SMALL), ("quiet", QUIET))
        }
        transaction.set_rollback(True)


@pytest.fixture
def planted(shops: dict[str, Community]) -> Scope:
    return Scope((shops["planted"].pk,))


@pytest.fixture
def quiet(shops: dict[str, Community]) -> Scope:
    return Scope((shops["quiet"].pk,))


def _by_day(metric: str, scope: Scope, period: Period = ALL) -> dict[date, float]:
    return {row["day"]: row["value"] or 0 for row in measure(metric, scope=scope, period=period).rows}


def _by_week(metric: str, scope: Scope) -> dict[date, float]:
    weeks: dict[date, float] = {}
    for day, value in _by_day(metric, scope).items():
        monday = week_of(day).start
        weeks[monday] = weeks.get(monday, 0) + value
    return weeks


def _episode(what: What) -> Episode:
    return EPISODES[what]


def test_every_row_of_every_file_went_in(shops: dict[str, Community]) -> None:
    for community in shops.values():
        kinds = dict(Event.objects.filter(community=community).values_list("kind", "id"))
        assert sorted(kinds) == [
            "answered", "attended", "checked_in", "commented", "complained", "invited", "joined", "left", "liked",
            "ordered", "reacted", "read", "refunded", "shared", "signed_up", "spoke",
        ]  # fmt: skip
        assert Message.objects.filter(event__community=community).count() > 1000
        assert community.simulated


def test_each_joining_is_in_the_log_once(shops: dict[str, Community]) -> None:
    joinings = Event.objects.filter(community=shops["planted"], kind="joined").count()
    assert joinings == Membership.objects.filter(community=shops["planted"]).count()


def test_staff_and_the_bot_are_left_out_of_the_figures(planted: Scope) -> None:
    assert Member.objects.filter(is_staff=True).count() == 3
    assert Member.objects.filter(is_bot=True).count() == 1
    spoken = Event.objects.filter(community__in=planted.communities, kind="spoke")
    people = spoken.exclude(identity__member__is_staff=True).exclude(identity__member__is_bot=True)
    assert measure("messages", scope=planted, period=ALL).value == people.count() < spoken.count()


@pytest.mark.parametrize("metric", ["messages", "interactions"])
def test_the_bad_week_is_below_half_of_the_median_week(planted: Scope, metric: str) -> None:
    weeks = _by_week(metric, planted)
    assert weeks[_episode(What.BAD_WEEK).first] < 0.5 * median(weeks.values())


def test_without_episodes_no_such_week_is_seen(quiet: Scope) -> None:
    weeks = _by_week("messages", quiet)
    assert weeks[_episode(What.BAD_WEEK).first] > 0.75 * median(weeks.values())


def test_nobody_speaks_in_the_silent_group_from_its_day_on(planted: Scope, quiet: Scope) -> None:
    silence = _episode(What.SILENT_GROUP)
    during, before = Period(silence.first, silence.last), last_days(28, until=silence.first - timedelta(days=1))
    speakers = {}
    for name, scope in (("planted", planted), ("quiet", quiet)):
        group = Group.objects.get(community__in=scope.communities, name=silence.group)
        narrow = Scope(scope.communities, groups=(group.pk,))
        speakers[name] = [
            measure("active_members", scope=narrow, period=period, grade="speaking").value
            for period in (before, during)
        ]
    assert (speakers["planted"][0] > 3, speakers["planted"][1]) == (True, 0)
    assert min(speakers["quiet"]) > 3


def test_the_other_groups_go_on_speaking(planted: Scope) -> None:
    silence = _episode(What.SILENT_GROUP)
    others = Group.objects.filter(community__in=planted.communities).exclude(name=silence.group)
    for group in others:
        narrow = Scope(planted.communities, groups=(group.pk,))
        assert measure("messages", scope=narrow, period=Period(silence.first, silence.last)).value > 50


def test_the_festival_brings_three_times_the_orders_of_a_median_day(planted: Scope) -> None:
    peak = _episode(What.FESTIVAL_PEAK)
    usual = median(_by_day("orders", planted, last_days(56, until=SMALL.last)).values())
    during = _by_day("orders", planted, Period(peak.first, peak.last))
    assert sum(during.values()) / len(during) >= 3 * usual


def test_without_episodes_the_festival_is_a_day_among_others(quiet: Scope) -> None:
    peak = _episode(What.FESTIVAL_PEAK)
    usual = median(_by_day("orders", quiet, last_days(56, until=SMALL.last)).values())
    during = _by_day("orders", quiet, Period(peak.first, peak.last))
    assert sum(during.values()) / len(during) < 2 * usual


def _early_leavers(scope: Scope, channel: str) -> tuple[int, int]:
    """(left within 7 days, joined at least 7 days before the end), by the stays on record."""
    ripe = datetime.combine(SMALL.today - timedelta(days=8), time(), LOCAL)
    stays = Membership.objects.filter(community__in=scope.communities, channel_key=channel, joined_at__lt=ripe)
    return sum(stay.left_at is not None and stay.left_at - stay.joined_at < timedelta(days=7) for stay in stays), len(
        stays
    )


def _leaving(scope: Scope, channels: list[str]) -> float:
    counted = [_early_leavers(scope, channel) for channel in channels]
    return sum(left for left, _joined in counted) / sum(joined for _left, joined in counted)


def test_the_leaky_channel_loses_three_times_as_many_in_the_first_week(planted: Scope, quiet: Scope) -> None:
    others = [channel for channel in CHANNELS if channel != FLYER]
    assert _leaving(planted, [FLYER]) == pytest.approx(EARLY_LEAVING * LEAK, abs=0.07)
    assert _leaving(planted, others) == pytest.approx(EARLY_LEAVING, abs=0.03)
    assert _leaving(quiet, [FLYER]) == pytest.approx(EARLY_LEAVING, abs=0.06)


def test_figures_by_channel_show_the_leak(planted: Scope) -> None:
    shares = []
    for channels in ((FLYER,), tuple(channel for channel in CHANNELS if channel != FLYER)):
        narrow = Scope(planted.communities, channels=channels)
        joins, leaves = (measure(name, scope=narrow, period=ALL).value for name in ("joins", "leaves"))
        shares.append(leaves / joins)
    assert shares[0] > 1.5 * shares[1]


def test_making_it_again_stores_nothing(shops: dict[str, Community], tmp_path_factory: pytest.TempPathFactory) -> None:
    before = Event.objects.count(), Member.objects.count(), Membership.objects.count()
    told: list[str] = []
    make_example(SMALL, tmp_path_factory.mktemp("again"), slug="planted", tell=lambda name, _job: told.append(name))
    assert (Event.objects.count(), Member.objects.count(), Membership.objects.count()) == before
    assert told == [""]
