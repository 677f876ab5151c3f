"""The fixed cast: who works where, which community they run, and who is in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Protocol

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext_lazy

from qunying.ground.access.services import create_staff, grant_role
from qunying.ground.audit.actors import System
from qunying.ground.audit.verbs import _verbs, declare_verb
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.groups.services import create_community, ensure_group
from qunying.ground.members.models import Member
from qunying.ground.members.services import Who
from qunying.ground.units.services import create_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.units.models import Unit

TESTS = System("tests")
TEST_VERB = "tests.act"


@pytest.fixture(scope="module")
def own_verb() -> Iterator[str]:
    """A verb of the tests' own, gone afterwards: the documents list the verbs of the product alone."""
    declare_verb(TEST_VERB, gettext_lazy("A test did something."))
    yield TEST_VERB
    _verbs.pop(TEST_VERB)


PASSWORD = "correct horse battery"
JOINED = datetime(2026, 1, 5, 2, tzinfo=UTC)
"""Monday 5 January 2026, ten in the morning in Shanghai: when the members came."""


@dataclass(frozen=True)
class Units:
    """总部 > 华东区 > 花店一店, and 华南区 beside 华东区."""

    headquarters: Unit
    east: Unit
    shop: Unit
    south: Unit


@pytest.fixture
def units(db: None) -> Units:
    """The organisation."""
    headquarters = create_unit("总部", by=TESTS)
    east = create_unit("华东区", parent=headquarters, by=TESTS)
    shop = create_unit("花店一店", parent=east, by=TESTS)
    south = create_unit("华南区", parent=headquarters, by=TESTS)
    return Units(headquarters, east, shop, south)


def _hire(username: str, name: str, role: str, unit: Unit) -> Staff:
    staff = create_staff(username, name=name, password=PASSWORD, by=TESTS)
    grant_role(staff, role=role, unit=unit, by=TESTS)
    return staff


@pytest.fixture
def director(units: Units) -> Staff:
    """May do everything everywhere."""
    return _hire("director", "总监", "director", units.headquarters)


@pytest.fixture
def lead(units: Units) -> Staff:
    """Leads the groups of 花店一店."""
    return _hire("lead", "群主", "lead", units.shop)


@pytest.fixture
def specialist(units: Units) -> Staff:
    """Works in 花店一店: sees, tags and imports, but takes nothing out and unmasks nobody."""
    return _hire("specialist", "专员", "specialist", units.shop)


@pytest.fixture
def reviewer(units: Units) -> Staff:
    """Reads in 花店一店 and changes nothing."""
    return _hire("reviewer", "审核员", "first_reviewer", units.shop)


@pytest.fixture
def outsider(units: Units) -> Staff:
    """Director of 华南区: whatever belongs to 花店一店 must not exist for this person."""
    return _hire("outsider", "外人", "director", units.south)


@pytest.fixture
def community(units: Units) -> Community:
    """The flower shop's community, in 花店一店; its days are Shanghai's, its money yuan."""
    return create_community("flowers", name="花友会", unit=units.shop, by=TESTS)


@pytest.fixture
def other_community(units: Units) -> Community:
    """A community of 华南区."""
    return create_community("fruit", name="水果群", unit=units.south, by=TESTS)


@pytest.fixture
def group(community: Community) -> Group:
    """The one group of the flower shop's community."""
    return ensure_group(community, name="花友一群", platform="wechat", by=TESTS)


class MakeCommunity(Protocol):
    """Makes a new community of 花店一店 with two groups, each time it is called."""

    def __call__(self) -> tuple[Community, list[Group]]:
        """The community and its groups."""


@pytest.fixture
def make_community(units: Units) -> MakeCommunity:
    """For tests that need a fresh community for every example."""
    numbers = count(1)

    def make() -> tuple[Community, list[Group]]:
        number = next(numbers)
        made = create_community(f"made-{number}", name=f"群 {number}", unit=units.shop, by=TESTS)
        return made, [ensure_group(made, name=name, platform="irc", by=TESTS) for name in ("甲", "乙")]

    return make


def _join(external_id: str, name: str, group: Group) -> Member:
    who = Who("wechat", external_id, name)
    fact = Fact("joined", JOINED, ("cast", "joined", external_id), who=who, group_id=group.pk)
    record([fact], community=group.community, source="tests")
    return Member.objects.get(identities__external_id=external_id, identities__platform="wechat")


@pytest.fixture
def xiaomei(group: Group) -> Member:
    """小美, in 花友一群 since JOINED."""
    return _join("xiaomei", "小美", group)


@pytest.fixture
def aqiang(group: Group) -> Member:
    """阿强, in 花友一群 since JOINED."""
    return _join("aqiang", "阿强", group)


@pytest.fixture
def xiaoli(group: Group) -> Member:
    """小丽, in 花友一群 since JOINED."""
    return _join("xiaoli", "小丽", group)


@pytest.fixture
def members(xiaomei: Member, aqiang: Member, xiaoli: Member) -> list[Member]:
    """小美, 阿强 and 小丽."""
    return [xiaomei, aqiang, xiaoli]


def be_fresh(client: Client) -> None:
    """Give the password once more, as pages ask before something sensitive."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


@pytest.fixture
def client_for() -> Callable[..., Client]:
    """`client_for(staff, language="zh-hans")`: a client signed in as this person, reading this language."""

    def sign_in(staff: Staff, language: str = "zh-hans") -> Client:
        type(staff).objects.filter(pk=staff.pk).update(language=language)
        client = Client()
        client.force_login(staff)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client

    return sign_in
