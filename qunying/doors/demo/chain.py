"""The store chain and the club beside the flower shop: who they are, and what is planted in each."""

from __future__ import annotations

from dataclasses import dataclass

from qunying.doors.demo.plan import ARTICLE, FESTIVE, FLYER, REFERRAL, STORE, Plan, Shop

EAST, SOUTH = "华东区", "华南区"
CAREFUL, CARELESS = 0.03, 0.3
"""The share of work that is not done by its day: in every place but one, and in that one."""

_INTRODUCTION = "花间小筑的门店群：到店自提、周花预订、养护问答。"
_DAYS = 180
_MEMBERS = 130
_SEEDS = 100


@dataclass(frozen=True, slots=True)
class Outlet:
    """One place of the chain, or the club: its shop, how many people join, and how much of its work goes wrong."""

    shop: Shop
    members: int = _MEMBERS
    misses: float = CAREFUL
    playbook: str = ""


def _store(slug: str, name: str, region: str, *, lively: float = 1.0, leaky: bool = False) -> Shop:
    leak = {STORE: 0.2, REFERRAL: 0.14, ARTICLE: 0.1, FLYER: 0.46, FESTIVE: 0.1}
    more = {"channels": leak} if leaky else {}
    return Shop(
        slug,
        f"花间小筑{name}",
        (region, name),
        _INTRODUCTION,
        groups=(f"{name}花友群",),
        capacity=200,
        lively=lively,
        leaky=leaky,
        **more,
    )


BEST = Outlet(_store("binjiang", "滨江店", EAST, lively=1.6), misses=0.0)
LEAKY = Outlet(_store("hupan", "湖畔店", EAST, leaky=True))
BEHIND = Outlet(_store("mumian", "木棉店", SOUTH, lively=0.6), misses=CARELESS)
CLUB = Outlet(
    Shop(
        "julebu",
        "花间会员俱乐部",
        ("会员部",),
        "150人的会员小群：人不求多，求熟。按150人社群方案运营。",
        groups=("会员俱乐部群",),
        capacity=150,
        lively=1.3,
    ),
    members=176,
    playbook="club-150",
)
OUTLETS = (
    BEST,
    LEAKY,
    Outlet(_store("rongyin", "榕荫店", SOUTH)),
    BEHIND,
    Outlet(_store("qilou", "骑楼店", SOUTH, lively=0.9)),
    CLUB,
)
"""Beside the flower shop, which is the third store of 华东区."""


def plan_of(outlet: Outlet, plan: Plan) -> Plan:
    """The plan of an outlet beside that of the flower shop: half a year at most, and fewer people."""
    number = OUTLETS.index(outlet) + 1
    members = max(60, min(outlet.members, outlet.members * plan.members // 1000))
    return Plan(
        plan.today,
        days=min(plan.days, _DAYS),
        members=members,
        seed=plan.seed * _SEEDS + number,
        quiet=True,
        shop=outlet.shop,
    )


@dataclass(frozen=True, slots=True)
class Colleague:
    """One person on the staff of the example: a role in a unit, named from below the root."""

    username: str
    name: str
    role: str
    units: tuple[str, ...]


COLLEAGUES = (
    Colleague("demo-huadong", "林一舟（华东区经理）", "lead", (EAST,)),
    Colleague("demo-huanan", "何雨晴（华南区经理）", "lead", (SOUTH,)),
    Colleague("demo-binjiang", "周小满（滨江店店长）", "lead", BEST.shop.units),
    Colleague("demo-mumian", "陈木（木棉店店长）", "specialist", BEHIND.shop.units),
    Colleague("demo-julebu", "苏禾（俱乐部运营）", "lead", CLUB.shop.units),
)
