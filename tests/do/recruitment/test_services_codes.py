"""Codes that a platform makes of a channel: asked for, changed, ended, each with its act."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.do.recruitment.models import ChannelCode
from qunying.do.recruitment.queries import codes_of, get_code, offer_of
from qunying.do.recruitment.services_codes import change_code, end_code, look_after_codes, make_code
from qunying.ground.audit.models import Act
from qunying.ground.groups.services_accounts import adopt_group
from qunying.ground.platforms import codes
from qunying.ground.platforms.port import UnknownError
from qunying.ground.platforms.services import connect_account, pause_account
from qunying.kit.errors import NotFoundError, QunyingError
from tests.support.cast import TESTS
from tests.support.recruitment import PlayedCoder, make_channel

if TYPE_CHECKING:
    from qunying.do.recruitment.models import Channel
    from qunying.ground.groups.models import Community
    from qunying.ground.platforms.models import Account
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
GIVEN = {"homeserver": "https://127.0.0.1", "user": "@qunying:hs.test", "as_token": "secret-one"}


@pytest.fixture
def coder(monkeypatch: pytest.MonkeyPatch) -> PlayedCoder:
    played = PlayedCoder()
    monkeypatch.setitem(codes._coders, "matrix", played)
    return played


@pytest.fixture
def account(coder: PlayedCoder, units: Units, community: Community) -> Account:
    """An account with four groups of the community."""
    found = connect_account("matrix", name="花店", given=GIVEN, unit=units.shop, by=TESTS)
    for number in range(4):
        adopt_group(found, community=community, name=f"{number}群", external_id=f"g{number}", by=TESTS)
    return found


@pytest.fixture
def channel(community: Community) -> Channel:
    return make_channel(community)


def make(channel: Channel, account: Account, *targets: str) -> ChannelCode:
    assert channel.community is not None
    place = channel.community
    return make_code(channel, community=place, account=account, kind="group", targets=targets, by=TESTS)


def acts(channel: Channel) -> list[str]:
    found = Act.objects.filter(subject_type="channel", subject_id=str(channel.pk)).order_by("pk")
    return [act.verb for act in found if "code" in act.verb]


def test_a_code_is_made_led_elsewhere_and_ended_with_an_act_each(
    channel: Channel, account: Account, coder: PlayedCoder
) -> None:
    code = make(channel, account, "g1", "g1", "g0")
    assert (code.targets, coder.there["made0"].key) == (["g1", "g0"], "传单")
    change_code(code, targets=["g2"], chosen=True, by=TESTS)
    assert (coder.there["made0"].targets, coder.there["made0"].chosen) == (("g2",), True)
    end_code(code, by=TESTS)
    assert coder.there == {}
    assert acts(channel) == ["recruitment.make_code", "recruitment.change_code", "recruitment.end_code"]
    with pytest.raises(QunyingError, match="nowhere any more"):
        end_code(code, by=TESTS)


def test_one_that_the_platform_has_no_more_is_ended(
    channel: Channel, account: Account, community: Community, coder: PlayedCoder
) -> None:
    first, second = make(channel, account, "g0"), make(channel, account, "g1")
    coder.there.pop(first.external_id)
    assert look_after_codes(channel, community=community, by=TESTS) == [first]
    assert list(codes_of(channel, community)) == [second, first]
    assert acts(channel)[-1] == "recruitment.code_gone"


@pytest.mark.parametrize(
    ("targets", "says"), [((), "to whom"), (("g9",), "to whom"), (("g0", "g1", "g2", "g3"), "to 3 at most")]
)
def test_it_leads_to_some_groups_of_the_account_but_not_too_many(
    targets: tuple[str, ...], says: str, channel: Channel, account: Account
) -> None:
    with pytest.raises(QunyingError, match=says):
        make(channel, account, *targets)


def test_a_lost_answer_leaves_nothing_here(channel: Channel, account: Account, coder: PlayedCoder) -> None:
    coder.refusal = UnknownError("cut")
    with pytest.raises(QunyingError, match="Try again"):
        make(channel, account, "g0")
    assert ChannelCode.objects.count() == 0


def test_a_removed_account_leaves_its_codes_without_a_maker(
    channel: Channel, account: Account, community: Community
) -> None:
    code = make(channel, account, "g0")
    ChannelCode.objects.update(account=None)
    with pytest.raises(QunyingError, match="was removed here"):
        end_code(get_code(channel, community, code.pk), by=TESTS)
    pause_account(account, by=TESTS)
    with pytest.raises(NotFoundError, match="No account makes"):
        offer_of(account, community, "group")
    with pytest.raises(NotFoundError, match="no such code"):
        get_code(channel, community, code.pk + 1)
