"""Figures of real history, beside the same numbers counted by pandas straight from the files."""

from __future__ import annotations

import gzip
import json
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from qunying.ground.figures.results import Scope
from qunying.ground.figures.services import measure
from qunying.ground.figures.verify import verify_communities
from qunying.ground.warehouse.services import catch_up
from qunying.kit.periods import Period
from tests.support.imports import bring_path, import_files

if TYPE_CHECKING:
    from pathlib import Path

    from qunying.ground.figures.results import Figure
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db
OCTOBER = Period(date(2020, 10, 1), date(2020, 10, 31))
SPRING = Period(date(1997, 1, 1), date(1997, 3, 31))


def ask(community: Community, name: str, period: Period, **params: object) -> Figure:
    return measure(name, scope=Scope((community.pk,)), period=period, **params)


def zulip(path: Path) -> pd.DataFrame:
    """Who spoke on which local day."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        frame = pd.DataFrame([json.loads(line) for line in lines])
    at = pd.to_datetime(frame["ts"], unit="s", utc=True).dt.tz_convert("Asia/Shanghai")
    return pd.DataFrame({"who": frame["user"], "day": at.dt.tz_localize(None).dt.normalize()})


def test_a_month_of_the_zulip_stream(shared_data: Path, community: Community) -> None:
    path = shared_data / "chat/lean_new_members_2020_2021_text.jsonl.gz"
    import_files(bring_path(path), "zulip", community)
    catch_up()
    spoken = zulip(path)
    month = spoken[spoken["day"].between("2020-10-01", "2020-10-31")]
    daily = (
        month.drop_duplicates().groupby("day").size().reindex(pd.date_range("2020-10-01", "2020-10-31"), fill_value=0)
    )
    mau = spoken[spoken["day"].between("2020-10-02", "2020-10-31")]["who"].nunique()
    assert ask(community, "messages", OCTOBER).value == len(month)
    assert ask(community, "active_members", OCTOBER, grade="speaking").value == month["who"].nunique()
    assert [row["value"] for row in ask(community, "dau", OCTOBER).rows] == list(daily)
    assert ask(community, "daily_speakers", OCTOBER).value == pytest.approx(daily.mean())
    assert ask(community, "mau", OCTOBER).value == mau
    assert ask(community, "stickiness", OCTOBER).value == pytest.approx(daily.mean() / mau)
    _compare_beginnings(community, spoken)


def _compare_beginnings(community: Community, spoken: pd.DataFrame) -> None:
    first = spoken.groupby("who")["day"].min().rename("first")
    days = spoken.drop_duplicates().join(first, on="who")
    cohort = days[days["first"].between("2020-10-01", "2020-10-31")]
    age = (cohort["day"] - cohort["first"]).dt.days
    size = cohort["who"].nunique()
    expected = {
        "nday": cohort[age == 7]["who"].nunique(),
        "bounded": cohort[age.between(1, 7)]["who"].nunique(),
        "rolling": cohort[age >= 7]["who"].nunique(),
    }
    found = {mode: ask(community, "retention", OCTOBER, mode=mode, day=7) for mode in expected}
    assert {mode: (figure.numerator, figure.denominator) for mode, figure in found.items()} == {
        mode: (part, size) for mode, part in expected.items()
    }
    assert ask(community, "joins", OCTOBER).value == size


def test_the_first_quarter_of_cdnow(shared_data: Path, community: Community) -> None:
    path = shared_data / "tx/CDNOW_master.txt.gz"
    import_files(bring_path(path), "cdnow", community)
    catch_up()
    frame = pd.read_csv(path, sep=r"\s+", header=None, skiprows=1, names=["who", "day", "cds", "dollars"], dtype=str)
    frame["day"], frame["cents"] = (
        pd.to_datetime(frame["day"]),
        (frame["dollars"].astype(float) * 100).round().astype(int),
    )
    quarter = frame[frame["day"] <= "1997-03-31"]
    assert ask(community, "revenue", SPRING).value == quarter["cents"].sum()
    assert ask(community, "orders", SPRING).value == len(quarter)
    assert ask(community, "buyers", SPRING).value == quarter["who"].nunique() == 23_570
    assert ask(community, "order_value", SPRING).value == pytest.approx(quarter["cents"].mean())
    bought = frame.sort_values(["who", "day"]).groupby("who")["day"]
    gap = bought.nth(1).set_axis(frame.loc[bought.nth(1).index, "who"]) - bought.min()
    again = ask(community, "repurchase_rate", SPRING)
    assert (again.numerator, again.denominator) == (int((gap.dt.days <= 30).sum()), 23_570)


def test_an_irc_channel_is_the_same_counted_twice(shared_data: Path, community: Community) -> None:
    files = [bring_path(path) for path in sorted((shared_data / "chat/ubuntu-irc").glob("*.raw.txt"))]
    import_files(files, "irc", community, group="#ubuntu")
    catch_up()
    assert verify_communities([community]).differences == []
