from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.plan.goals.playbook import doubts, draft
from qunying.plan.playbooks.sections import Occasion
from tests.support.goals import ago, speak, tell, today

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community
    from qunying.plan.playbooks.sections import Item

pytestmark = pytest.mark.django_db(transaction=True)


def _item(key: str, metric: str, target: object, **more: object) -> Item:
    params = more.pop("params", {})
    words = {"title": {"zh": key}, "dimension": "user", "term": "middle", "due": "10d"}
    return {"key": key, **words, "metric": {"name": metric, "params": params}, "target": target, **more}


def _doubts(community: Community, *items: Item) -> dict[str, list[str]]:
    occasion = Occasion(community, today(community), "测试方案")
    return doubts(draft(list(items), occasion), occasion)


def test_a_target_far_below_what_is_there_already_is_doubted(community: Community) -> None:
    speak(community, first=20, last=1, people=6)
    near, far = _item("near", "members_present", 4), _item("far", "members_present", 3)
    found = _doubts(community, near, far, _item("share", "members_present", "+20%"))
    assert list(found) == ["far"]
    assert found["far"][0].startswith("It was 6 on ")
    assert found["far"][0].endswith(" already, far above 3. Aim higher, or untick it.")


def test_a_total_is_held_against_as_many_days_with_facts(community: Community) -> None:
    speak(community, first=60, last=41, people=6)
    found = _doubts(community, _item("few", "messages", 20), _item("enough", "messages", 50))
    assert list(found) == ["few"]
    assert found["few"][0].startswith("The 10 days up to ")
    assert found["few"][0].endswith(" brought 60, far more than 20. Aim higher, or untick it.")


def test_a_bound_far_above_what_is_there_is_doubted(community: Community) -> None:
    speak(community, first=40, last=1, people=3)
    tell(community, [("p0", "left", ago(community, 39))])
    found = _doubts(community, _item("churn", "churn_rate", "10%", direction="down"))
    assert found["churn"][0].startswith("It was 0.0% on ")
    assert found["churn"][0].endswith(" already, far below 10.0%. Set a lower bound, or untick it.")


def test_what_was_never_recorded_here_is_doubted_and_said_how_to_mend(community: Community) -> None:
    speak(community, first=20, last=1)
    hand = _item("hand", "", "80%") | {"manual": True, "unit": "share"}
    del hand["metric"]
    seen = {"grade": "interactive"}
    found = _doubts(community, _item("orders", "orders", 30), _item("active", "active_rate", "60%", params=seen), hand)
    assert found == {
        "orders": ["No order was ever recorded here, so this cannot be counted. Import the orders first."],
        "active": [
            (
                "No reaction, like, check-in or sign-up was ever recorded here, so this cannot be counted. "
                "Import them, or choose a figure about messages."
            ),
        ],
    }


def test_a_community_whose_history_is_still_to_come_is_not_doubted(community: Community) -> None:
    assert _doubts(community, _item("orders", "orders", 30)) == {}


def test_a_history_shorter_than_the_days_to_compare_with_says_nothing(community: Community) -> None:
    speak(community, first=5, last=1, people=20)
    assert _doubts(community, _item("few", "messages", 20)) == {}
