from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from qunying.ground.audit.models import Act
from qunying.kit.errors import QunyingError
from qunying.plan.goals.amounts import Target
from qunying.plan.goals.models import Goal
from qunying.plan.goals.services import Words, drop_goal, edit_goal, enter_value, revise_goal, take_baseline
from tests.support.goals import TESTS, ago, make_goal, speak

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

DAY = timedelta(days=1)


def refusal(act: object, **given: object) -> str:
    with pytest.raises(QunyingError) as refused:
        act(**given)  # type: ignore[operator]
    return str(refused.value)


def test_a_goal_takes_its_baseline_from_as_many_days_before_it(community: Community) -> None:
    speak(community, first=35, last=1)
    goal = make_goal(community)
    assert (goal.baseline, goal.no_baseline) == (Decimal("60.000000"), "")
    assert (goal.baseline_from, goal.baseline_to) == (ago(community, 30), ago(community, 11))
    assert goal.unit == "facts"


def test_a_total_after_the_record_ended_has_no_baseline(community: Community) -> None:
    speak(community, first=200, last=100)
    goal = make_goal(community, target="+20%")
    assert (goal.baseline, goal.no_baseline) == (None, Goal.NoBaseline.EMPTY)


def test_a_rate_keeps_numerator_and_denominator_of_its_baseline(community: Community) -> None:
    speak(community, first=50, last=1, people=4)
    goal = make_goal(community, metric="active_rate", target="80%", params={"grade": "speaking"})
    assert goal.window == 7
    assert (goal.baseline, goal.baseline_numerator, goal.baseline_denominator) == (Decimal(1), Decimal(4), Decimal(4))


def test_a_history_too_short_gives_no_baseline_and_says_so(community: Community) -> None:
    speak(community, first=20, last=1)
    goal = make_goal(community, target="+20%")
    assert (goal.baseline, goal.no_baseline, goal.target) == (None, Goal.NoBaseline.SHORT, None)


def test_older_history_gives_the_baseline_later(community: Community) -> None:
    speak(community, first=20, last=1)
    goal = make_goal(community, target="+20%")
    speak(community, first=35, last=21)
    take_baseline(goal, by=TESTS)
    assert (goal.baseline, goal.target) == (Decimal(60), Decimal(72))


def test_a_goal_to_come_compares_with_the_last_days_that_are_over(community: Community) -> None:
    speak(community, first=35, last=0)
    goal = make_goal(community, start=ago(community, -5), due=ago(community, -14))
    assert (goal.baseline_from, goal.baseline_to) == (ago(community, 10), ago(community, 1))


def test_setting_a_goal_is_written_down_once(community: Community, lead: Staff) -> None:
    goal = make_goal(community, by=lead)
    acts = Act.objects.filter(verb="goals.create").values_list("actor", "subject_id")
    assert list(acts) == [(lead.actor_key, str(goal.pk))]


def test_a_goal_lies_within_a_longer_one(community: Community) -> None:
    year = make_goal(community, start=ago(community, 30), due=ago(community, -300))
    assert make_goal(community, parent=year).parent == year
    assert refusal(
        make_goal, community=community, parent=year, due=ago(community, -301), start=ago(community, -280)
    ) == (f"The days of this goal do not lie within those of “消息” ({year.start} to {year.due}).")


def test_a_goal_stands_under_a_longer_one_only(community: Community) -> None:
    month = make_goal(community)
    said = refusal(make_goal, community=community, parent=month, start=month.start, due=month.due)
    assert said == "“消息” does not run longer than this goal. A year holds quarters, quarters hold months."


def test_a_goal_that_holds_others_cannot_shrink_below_them(community: Community) -> None:
    year = make_goal(community, start=ago(community, 30), due=ago(community, -300))
    make_goal(community, parent=year, title="孩子", due=ago(community, -20))
    assert refusal(revise_goal, goal=year, by=TESTS, reason="短一点", due=ago(community, 0)) == (
        "“孩子” below this goal would no longer lie within its days. Revise that one first."
    )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"title": "  "}, "The goal has no name. Write in a few words what is to be reached."),
        (
            {"metric": "cohorts"},
            "“Cohorts” is a picture, not one number: no goal can be set on it. Choose another figure.",
        ),
        (
            {"dimension": "luck"},
            "“luck” is not possible here. It is one of: user, content, interaction, business, brand.",
        ),
        ({"metric": "active_rate", "target": "60"}, "“60” is more than everyone. Write a share as 60% or 0.6."),
        ({"params": {"grade": "seen"}}, "The metric “messages” has no parameter “grade”. It has: —."),
    ],
)
def test_what_cannot_be_is_refused_in_words(community: Community, given: dict[str, object], sentence: str) -> None:
    assert refusal(make_goal, community=community, **given) == sentence


def test_an_owner_sees_the_plans_of_the_community(community: Community, lead: Staff, outsider: Staff) -> None:
    assert make_goal(community, owner=lead).owner == lead
    assert refusal(make_goal, community=community, owner=outsider) == (
        "外人 cannot see the plans of this community. Choose somebody else, or give them a role in its unit."
    )


def test_a_revision_keeps_what_was_and_why(community: Community, lead: Staff) -> None:
    goal = make_goal(community, start=ago(community, 40), due=ago(community, -9))
    revision = revise_goal(goal, by=lead, reason="活动提前了", target=Target(value=Decimal(80)), due=ago(community, -4))
    assert (revision.old_target, revision.new_target) == (Decimal(60), Decimal(80))
    assert (revision.old_due, revision.new_due) == (ago(community, -9), ago(community, -4))
    assert (revision.staff, revision.reason, revision.off_rhythm, revision.kept) == (lead, "活动提前了", False, False)
    goal.refresh_from_db()
    assert (goal.target_value, goal.due) == (Decimal(80), ago(community, -4))


def test_a_change_before_its_time_is_marked(community: Community) -> None:
    goal = make_goal(community)
    assert revise_goal(goal, by=TESTS, reason="太低", target=Target(value=Decimal(90))).off_rhythm is True


def test_a_look_that_changes_nothing_counts_and_is_never_off_its_rhythm(community: Community) -> None:
    goal = make_goal(community)
    revision = revise_goal(goal, by=TESTS, reason="照旧")
    assert (revision.kept, revision.off_rhythm) == (True, False)


def test_a_revision_needs_its_reason(community: Community) -> None:
    goal = make_goal(community)
    assert refusal(revise_goal, goal=goal, by=TESTS, reason=" ", due=goal.due) == (
        "A revision needs its reason: write what has changed, or why the goal stays."
    )


def test_values_by_hand_keep_every_entry_and_the_latest_counts(community: Community, lead: Staff) -> None:
    goal = make_goal(community, metric="", unit="share", target="80%", baseline=Decimal("0.7"))
    enter_value(goal, day=ago(community, 1), value=Decimal("0.72"), by=lead, note="问卷")
    enter_value(goal, day=ago(community, 1), value=Decimal("0.75"), by=lead)
    assert [str(one.value) for one in goal.values.all()] == ["0.720000", "0.750000"]
    assert (goal.baseline, goal.no_baseline) == (Decimal("0.7"), "")


def test_no_value_is_entered_for_a_day_to_come_or_a_counted_goal(community: Community) -> None:
    tomorrow = ago(community, -1)
    by_hand, counted = make_goal(community, metric=""), make_goal(community)
    assert refusal(enter_value, goal=by_hand, day=tomorrow, value=Decimal(1), by=TESTS) == (
        f"{tomorrow} is still to come. Enter a value for today or an earlier day."
    )
    assert refusal(enter_value, goal=counted, day=tomorrow - DAY, value=Decimal(1), by=TESTS) == (
        "This goal is counted from the community's own facts; no value is entered by hand."
    )


def test_words_change_without_a_revision(community: Community, lead: Staff) -> None:
    goal = make_goal(community)
    edit_goal(goal, words=Words(title="新名字", dimension="user", term="long", owner=lead), by=lead)
    goal.refresh_from_db()
    assert (goal.title, goal.dimension, goal.owner, goal.revisions.count()) == ("新名字", "user", lead, 0)


def test_a_goal_is_given_up_with_a_reason_and_only_without_goals_below(community: Community) -> None:
    year = make_goal(community, start=ago(community, 30), due=ago(community, -300))
    child = make_goal(community, parent=year)
    assert refusal(drop_goal, goal=year, reason="不做了", by=TESTS) == (
        "Goals stand below this one. Give those up first, or put them under another goal."
    )
    assert (
        refusal(drop_goal, goal=child, reason="", by=TESTS)
        == "Giving a goal up needs a reason. Write it in a sentence."
    )
    drop_goal(child, reason="不做了", by=TESTS)
    drop_goal(year, reason="不做了", by=TESTS)
    assert refusal(edit_goal, goal=year, words=Words(title="x", dimension="user", term="long"), by=TESTS) == (
        "This goal was given up. Set a new one instead."
    )


def test_what_is_entered_for_a_day_up_to_the_first_is_where_a_goal_sets_out_from(
    community: Community, lead: Staff
) -> None:
    goal = make_goal(community, metric="", unit="share", target="80%")
    enter_value(goal, day=goal.start + DAY, value=Decimal("0.9"), by=lead)
    assert (goal.baseline, goal.no_baseline) == (None, Goal.NoBaseline.HAND)
    enter_value(goal, day=goal.start - DAY, value=Decimal("0.6"), by=lead)
    enter_value(goal, day=goal.start - 2 * DAY, value=Decimal("0.5"), by=lead)
    goal.refresh_from_db()
    assert (goal.baseline, goal.no_baseline, goal.baseline_to) == (Decimal("0.6"), "", goal.start - DAY)
