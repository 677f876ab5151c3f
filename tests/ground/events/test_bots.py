"""Programs are told from people by what can be counted; on real logs, every bot and nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from qunying.ground.events.bots import Sign, looks_like_a_name, shape_of, suspects_in
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.events.services_bots import deny_bots
from qunying.ground.members.models import Member
from qunying.ground.members.services import Who
from tests.support.cast import JOINED, TESTS
from tests.support.imports import bring_path, import_files

if TYPE_CHECKING:
    from pathlib import Path

    from qunying.ground.groups.models import Community, Group

pytestmark = pytest.mark.django_db


def say(group: Group, who: str, texts: list[str], *, form: str = "", hours: float = 0.31) -> None:
    facts = [
        Fact(
            "spoke", JOINED + timedelta(hours=hours * number), (who, number), who=Who("irc", who, who),
            group_id=group.pk, payload={"form": form} if form else {}, text=text,
        )
        for number, text in enumerate(texts)
    ]  # fmt: skip
    record(facts, community=group.community, source="tests")


def found(community: Community) -> dict[str, list[tuple[Sign, int, int]]]:
    return {one.name: [(sign.sign, sign.count, sign.of) for sign in one.reasons] for one in suspects_in(community)}


@pytest.mark.parametrize(
    "name", ["ubottu", "ubotu", "FloodBot2", "rustbot", "bot", "NickServ", "群小助手", "deploy-bot"]
)
def test_programs_bear_such_names(name: str) -> None:
    assert looks_like_a_name(name)


@pytest.mark.parametrize(
    "name", ["traviss", "ubuntujenkins", "robotti^", "turbotime", "小美", "bottle", "abbott", "Bob"]
)
def test_people_bear_such(name: str) -> None:
    assert not looks_like_a_name(name)


def test_notices_patterns_and_clocks_are_counted(group: Group) -> None:
    say(group, "eval", ["[]", "error", "ok", "5", "x"], form="notice")
    say(group, "calm", [f"user{number}: Please don't flood, use http://paste/{number}" for number in range(6)])
    say(group, "timer", [f"第{number}条不同的话{'啊' * number}" for number in range(9)], hours=1)
    say(group, "chatty", ["早", "吃了吗", "今天天气不错啊大家", "好的", "哈哈", "明天见"])
    assert found(group.community) == {
        "timer": [(Sign.CLOCK, 9, 9)],
        "calm": [(Sign.PATTERN, 6, 6)],
        "eval": [(Sign.NOTICES, 5, 5)],
    }


def test_a_few_messages_show_no_manner(group: Group) -> None:
    say(group, "eval", ["[]"] * 4, form="notice")
    assert found(group.community) == {}


def test_who_never_spoke_or_is_marked_or_said_to_be_a_person_is_not_suggested(group: Group) -> None:
    for name in ("markedbot", "personbot", "suspectbot"):
        say(group, name, ["hello"])
    Member.objects.filter(display_name="markedbot").update(is_bot=True)
    person = Member.objects.get(display_name="personbot")
    deny_bots([person.pk], community=group.community, by=TESTS)
    assert found(group.community) == {"suspectbot": [(Sign.NAME, 0, 0)]}


def test_shapes_leave_out_whom_it_is_said_to_and_what_changes() -> None:
    assert shape_of("Witepa: Please don't flood, use http://x") == shape_of(
        "aouldr78: Please don't flood; use http://y/2"
    )


def test_real_logs_give_their_bots_and_nobody_else(community: Community, shared_data: Path) -> None:
    for folder in ("chat/ubuntu-irc/*.raw.txt", "chat/irc-other/*.txt"):
        files = [bring_path(path) for path in sorted(shared_data.glob(folder))]
        import_files(files, "irc", community, **({"group": "#ubuntu"} if "ubuntu" in folder else {}))
    assert set(found(community)) == {"ubottu", "ubotu", "FloodBot1", "FloodBot2", "FloodBot3", "rustbot", "eval"}
