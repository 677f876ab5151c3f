"""Who comes to the flower shop's groups: names, habits, and how long they stay."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from enum import IntEnum
from hashlib import blake2b
from typing import TYPE_CHECKING

from qunying.doors.demo.dice import Dice

if TYPE_CHECKING:
    from datetime import date

    from qunying.doors.demo.plan import Plan

LOCAL = timezone(timedelta(hours=8))


class Voice(IntEnum):
    """90-9-1: most read, some speak, one in a hundred carries the talk."""

    QUIET = 0
    REGULAR = 1
    CORE = 2


@dataclass(slots=True, eq=False)
class Person:
    """One account of the example. Rates are per day: `reads` and `buys` chances, `talks` messages."""

    number: int
    external_id: str
    name: str
    voice: Voice = Voice.QUIET
    phone: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    reads: float = 0.0
    talks: float = 0.0
    buys: float = 0.0
    checks_in: float = 0.0
    breaks: list[tuple[date, date]] = field(default_factory=list)
    is_staff: bool = False
    is_bot: bool = False

    def away(self, day: date) -> bool:
        """Whether this is one of the stretches in which the person does not look at the phone."""
        return any(first <= day <= last for first, last in self.breaks)


@dataclass(slots=True, eq=False)
class Stay:
    """One membership: a person in a group from joining to leaving (None: still there)."""

    person: Person
    group: str
    joined_at: datetime
    left_at: datetime | None = None
    channel: str = ""
    inviter: Person | None = None
    role: str = "member"
    is_main: bool = True


_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡"
_GIVEN = (
    "敏",
    "静",
    "丽",
    "娟",
    "艳",
    "芳",
    "雪",
    "婷",
    "玲",
    "慧",
    "欣怡",
    "梓涵",
    "雨桐",
    "思琪",
    "晓燕",
    "海燕",
    "志强",
    "建国",
    "浩然",
    "子轩",
    "伟",
    "磊",
    "洋",
    "勇",
    "军",
    "俊杰",
    "佳宁",
    "若曦",
    "诗涵",
    "语嫣",
    "美玲",
    "秀英",
    "桂兰",
    "春梅",
    "文博",
    "宇航",
)
_HEADS = (
    "一只",
    "爱吃",
    "会飞的",
    "路过的",
    "早睡的",
    "想养",
    "慢半拍的",
    "南方的",
    "楼下的",
    "周末的",
    "第七颗",
    "不加糖的",
    "阳台上的",
    "云朵里的",
    "半糖",
    "晒太阳的",
    "小巷里的",
    "安静的",
    "认真的",
    "迷糊的",
)
_TAILS = (
    "橘猫",
    "柚子",
    "向日葵",
    "小雏菊",
    "薄荷",
    "豆沙包",
    "月亮",
    "风铃",
    "番茄",
    "海盐",
    "桂花",
    "糯米",
    "山茶",
    "团子",
    "青团",
    "石榴",
    "松果",
    "乌龙",
    "白鹭",
    "芝麻",
    "梨涡",
    "芒果",
    "夏天",
    "木槿",
    "栗子",
    "雨点",
)
_KIDS = ("果果", "朵朵", "豆豆", "糖糖", "乐乐", "安安", "小满", "一诺", "米粒", "多多", "元宝", "可乐")
_LATIN = ("Anna", "Coco", "Lily", "Kevin", "Momo", "Vivi", "Zoe", "Leo", "Joy", "Nina", "Echo", "Sunny", "Amy", "Rita")
_MARKS = ("", "", "", "🌷", "🌻", "🌸", "☀️", "🍀", "🌙", "~", "。", "🐱")
_TAGS = {
    "城区": (("城南", 26), ("滨江", 22), ("高新区", 18), ("大学城", 14), ("老城区", 14), ("东湖", 6)),
    "年龄段": (("18–24岁", 18), ("25–34岁", 40), ("35–44岁", 26), ("45–59岁", 16)),
    "买花为了": (("自己看", 46), ("送人", 30), ("家里常摆", 16), ("办公室", 8)),
    "喜欢的花": (
        ("玫瑰", 22),
        ("洋桔梗", 16),
        ("向日葵", 14),
        ("绣球", 12),
        ("百合", 10),
        ("郁金香", 12),
        ("绿植", 14),
    ),
}
_TAGGED = 0.72
_WITH_PHONE = 0.58

_READERS = ((0.80, 0.15), (0.40, 0.30), (0.12, 0.35), (0.02, 0.20))
"""(chance of opening the group on a day, share of people)."""
_TALKS = {Voice.QUIET: 0.022, Voice.REGULAR: 0.5, Voice.CORE: 6.0}
_BUYERS = ((0.125, 0.22), (0.022, 0.33), (0.0, 0.45))
_BREAK_CHANCE = 0.45
_STAFF = (("阿青（店长）", "owner"), ("小满（店员）", "admin"), ("小栀（客服）", "admin"))
BOT_NAME = "花间小助手"


def account(plan: Plan, number: int) -> str:
    """The account id of a person: made up, and the same for the same seed."""
    return "wxid_" + blake2b(f"{plan.shop.name}/{plan.seed}/{number}".encode(), digest_size=7).hexdigest()


def make_staff(plan: Plan) -> list[tuple[Person, str]]:
    """The shop's own people with their roles, and last the bot."""
    staff = [
        (Person(-1 - place, account(plan, -1 - place), name, is_staff=True), role)
        for place, (name, role) in enumerate(_STAFF)
    ]
    number = -1 - len(staff)
    return [*staff, (Person(number, account(plan, number), BOT_NAME, is_bot=True), "admin")]


def make_people(plan: Plan) -> list[Person]:
    """Everyone who will ever join, in the order of joining.

    Voices are dealt evenly, not thrown, so that every group has its share: of each hundred one
    carries the talk and nine speak now and then.
    """
    dice = Dice(plan.seed, "people")
    return [_make_person(plan, number, dice) for number in range(plan.members)]


def _make_person(plan: Plan, number: int, dice: Dice) -> Person:
    voice = Voice.CORE if number % 100 == 17 else Voice.REGULAR if number % 11 == 4 else Voice.QUIET  # noqa: PLR2004 - one in a hundred, one in eleven
    person = Person(number, account(plan, number), _name(dice), voice, talks=_TALKS[voice])
    person.reads = 0.9 if voice is not Voice.QUIET else dice.weigh(_READERS)
    person.buys = dice.weigh(_BUYERS)
    person.checks_in = 0.7 if dice.chance(0.5 if voice is Voice.CORE else 0.05) else 0.008
    if dice.chance(_WITH_PHONE):
        person.phone = f"120{dice.whole(0, 99_999_999):08d}"
    if dice.chance(_TAGGED):
        person.tags = {name: dice.weigh(choices) for name, choices in _TAGS.items()}
    if voice is not Voice.CORE and dice.chance(_BREAK_CHANCE):
        person.breaks = [_break(plan, dice) for _ in range(dice.whole(1, 3))]
    return person


def _break(plan: Plan, dice: Dice) -> tuple[date, date]:
    first = plan.day(dice.whole(0, plan.days - 1))
    return first, first + timedelta(days=dice.whole(8, 45))


def _name(dice: Dice) -> str:
    shape = dice.whole(0, 5)
    if shape == 0:
        return dice.pick(_SURNAMES) + dice.pick(_GIVEN)
    if shape == 1:
        return dice.pick(_KIDS) + dice.pick(("妈妈", "妈", "爸爸", "麻麻"))
    if shape == 2:  # noqa: PLR2004 - one of six shapes
        return dice.pick(_LATIN) + dice.pick(_MARKS)
    if shape == 3:  # noqa: PLR2004 - one of six shapes
        return dice.pick(("小", "阿", "老")) + dice.pick(_SURNAMES)
    return dice.pick(_HEADS) + dice.pick(_TAILS) + dice.pick(_MARKS)
