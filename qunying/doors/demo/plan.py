"""What is to be simulated: how long, how many, by which seed; and the shop's fixed facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Mapping

SLUG = "huadian"
COMMUNITY = "花间小筑"
UNITS = ("总部", "华东区", "花店")
PLATFORM = "wechat"
UTC_OFFSET = "+08:00"

GROUP_NAMES = ("花友一群", "花友二群", "花友三群", "花友四群", "花友五群", "花友六群")
CORE_GROUP = "核心花友群"

STORE, REFERRAL, ARTICLE, FLYER, FESTIVE = "门店二维码", "老客推荐", "朋友圈文章", "集市传单", "节日活动"
CHANNELS = {STORE: 0.34, REFERRAL: 0.22, ARTICLE: 0.18, FLYER: 0.14, FESTIVE: 0.12}
"""Channel → its share of all who join."""


@dataclass(frozen=True, slots=True)
class Shop:
    """Who is simulated: a community, the units it hangs under (from below the root), its groups.

    Without `groups` it has as many as its people fill, and a core group beside them. `lively` is how many
    times as much people read and say as in the flower shop; `channels` how they come; `leaky` plants the leak alone.
    """

    slug: str
    name: str
    units: tuple[str, ...]
    introduction: str
    groups: tuple[str, ...] = ()
    capacity: int = 0
    lively: float = 1.0
    channels: Mapping[str, float] = field(default_factory=lambda: CHANNELS)
    leaky: bool = False


FLAGSHIP = Shop(SLUG, COMMUNITY, UNITS[1:], "街角花店的老顾客和花友：问养护、晒花、订花、周三问答、每月手作课。")

_PEOPLE_PER_GROUP = 150
_FEWEST_GROUPS = 3
_FEWEST_DAYS = 60
_FEWEST_MEMBERS = 60


@dataclass(frozen=True, slots=True)
class Plan:
    """One simulation. The same plan gives the same files, byte for byte.

    History covers `days` local days and ends the day before `today`. `members` people come over that
    time (staff and the bot are beyond them). `quiet` leaves every planted episode out.
    """

    today: date
    days: int = 365
    members: int = 1000
    seed: int = 20
    quiet: bool = False
    shop: Shop = FLAGSHIP

    def __post_init__(self) -> None:
        if self.days < _FEWEST_DAYS or self.members < _FEWEST_MEMBERS:
            raise QunyingError(
                _("The example needs at least %(days)s days and %(members)s members.")
                % {"days": _FEWEST_DAYS, "members": _FEWEST_MEMBERS}
            )

    @property
    def first(self) -> date:
        """The first day of the history."""
        return self.today - timedelta(days=self.days)

    @property
    def last(self) -> date:
        """The last day of the history: yesterday."""
        return self.today - timedelta(days=1)

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that fill up one after another; the core group is beyond them."""
        if self.shop.groups:
            return self.shop.groups
        count = max(_FEWEST_GROUPS, min(len(GROUP_NAMES), self.members // _PEOPLE_PER_GROUP))
        return GROUP_NAMES[:count]

    @property
    def core(self) -> tuple[str, ...]:
        """The group into which those who talk are asked; none where the shop has groups of its own."""
        return () if self.shop.groups else (CORE_GROUP,)

    @property
    def fill(self) -> int:
        """After how many joinings the next group is opened."""
        return -(-self.members // len(self.groups))

    def day(self, number: int) -> date:
        """The day `number` days after the first."""
        return self.first + timedelta(days=number)
