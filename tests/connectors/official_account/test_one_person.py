"""A person on three platforms is one: present once, active once, every message counted; then three again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from qunying.connectors.official_account.tasks import ask_who
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.figures.results import Scope
from qunying.ground.figures.services import recount
from qunying.ground.figures.verify import verify_communities
from qunying.ground.groups.services import create_group
from qunying.ground.members.accounts import note_unions
from qunying.ground.members.models import Identity
from qunying.ground.members.services import Who
from qunying.ground.merges.models import Merge
from qunying.ground.merges.services import merge_members, switch_rule, undo_merge
from qunying.ground.merges.services_looking import look_for_likenesses
from qunying.kit.periods import Period
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.platforms.models import Account
    from tests.connectors.official_account.conftest import House
    from tests.support.official_account import Office

pytestmark = pytest.mark.django_db
THREE = (("wechat_official", "o1"), ("wecom", "wm1"), ("matrix", "@mei:example.org"))


def appear(community: Community, platform: str, name: str) -> None:
    """Somebody comes into a group of that platform and says something there."""
    group = create_group(community, name=f"{platform}群", platform=platform, by=TESTS)
    at, who = timezone.now() - timedelta(seconds=5), Who(platform, name, "小美")
    came = Fact("joined", at, ("joined", name), who=who, group_id=group.pk)
    said = Fact("spoke", at, ("said", name), who=who, group_id=group.pk, text="你好")
    record([came, said], community=community, source=platform)


def counted(community: Community) -> tuple[float | None, ...]:
    """People present, people who spoke, messages."""
    today = timezone.now().astimezone(ZoneInfo(community.timezone)).date()
    scope, period = Scope((community.pk,)), Period(today - timedelta(days=1), today)
    present = recount("members_present", scope=scope, period=period).value
    active = recount("active_members", scope=scope, period=period, grade="speaking").value
    return present, active, recount("messages", scope=scope, period=period).value


def test_one_person_of_three_platforms_is_counted_once(
    account: Account, house: House, office: Office, community: Community, lead: Staff
) -> None:
    office.skip(-5)
    house.hear(office.follow("o1", union="u1"), office.write("o1", "你好"))
    ask_who(account.pk, "o1")
    for platform, name in THREE[1:]:
        appear(community, platform, name)
    note_unions({("wecom", "wm1"): "u1"})
    before = counted(community)

    switch_rule("unionid", on=True, by=lead)
    assert look_for_likenesses().merged == 1
    own, matrix = (Identity.objects.get(platform=p, external_id=n).member for p, n in (THREE[0], THREE[2]))
    merge_members(own, absorbed=matrix, by=lead)

    people = {Identity.objects.get(platform=platform, external_id=name).member_id for platform, name in THREE}
    assert people == {own.pk}
    assert before[0] is not None
    assert before[1] is not None
    assert counted(community) == (before[0] - 2, before[1] - 2, before[2])
    assert verify_communities([community]).differences == []

    office.skip(2)
    house.hear(office.unfollow("o1"))
    assert counted(community)[0] == before[0] - 2  # still there on the other two
    for merge in Merge.objects.order_by("-pk"):
        undo_merge(merge, by=lead)
    assert counted(community) == (before[0] - 1, before[1], before[2])
