"""IRC logs: whose line, which minute, which day; overlaps never double."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from qunying.ground.events.models import Event
from qunying.kit.errors import QunyingError
from tests.support.imports import bring, codes, counts, import_files, log_of

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community
    from tests.support.cast import MakeCommunity

pytestmark = pytest.mark.django_db
DAY = "2024-05-01.txt"

LOG = """\
=== early [e@host]  has joined #garden
[09:58] <mei> who waters the roses today?
[09:58]  * qiang raises a hand
=== lan [lan@10.0.0.7]  has joined #garden
=== qiang is now known as qiang_watering
[09:59] <@op> thanks
[09:59] <odd[] > spaces happen
=== mei wonders about the lilies
=== mode/#garden [+o mei] by op
=== lan [lan@10.0.0.7]  has left #garden [bye]
=== op [o@h]  has quit [timeout]
=== gone has quit
[10:01] <mei>
[oops] not a line
"""


def test_each_line_becomes_what_it_says(community: Community) -> None:
    result = import_files(bring(DAY, LOG), "irc", community)
    assert counts(result) == (14, 11, 0, 2)
    assert result["skipped"] == 1
    assert log_of(community) == [
        ("spoke", "2024-05-01 09:58", "mei", "who waters the roses today?"),
        ("spoke", "2024-05-01 09:58", "qiang", "raises a hand"),
        ("joined", "2024-05-01 09:58", "lan", ""),
        ("renamed", "2024-05-01 09:58", "qiang", ""),
        ("spoke", "2024-05-01 09:59", "op", "thanks"),
        ("spoke", "2024-05-01 09:59", "odd[]", "spaces happen"),
        ("spoke", "2024-05-01 09:59", "mei", "wonders about the lilies"),
        ("left", "2024-05-01 09:59", "lan", ""),
        ("left", "2024-05-01 09:59", "op", ""),
        ("left", "2024-05-01 09:59", "gone", ""),
        ("spoke", "2024-05-01 10:01", "mei", ""),
    ]
    assert codes(result) == [
        ("1", "", "'=== early [e@host]  has joined #garden", "no_time"),
        ("14", "", "[oops] not a line", "not_a_line"),
    ]


def test_a_line_that_changes_a_name_says_the_new_one(community: Community) -> None:
    import_files(bring(DAY, LOG), "irc", community)
    assert Event.objects.get(kind="renamed").payload == {"name": "qiang_watering"}
    assert list(
        Event.objects.filter(kind="left").order_by("occurred_at").values_list("payload__reason", flat=True)
    ) == [
        "left",
        "quit",
        "quit",
    ]


def test_the_day_rolls_over_when_the_clock_goes_back(community: Community) -> None:
    text = "[23:58] <mei> late\n[00:02] <mei> early\n=== mei is now known as mei_\n[00:01] <qiang> a clock set right\n"
    import_files(bring(DAY, text), "irc", community)
    assert [row[1] for row in log_of(community)] == [
        "2024-05-01 23:58",
        "2024-05-02 00:01",
        "2024-05-02 00:02",
        "2024-05-02 00:02",
    ]


def test_a_twelve_hour_clock_rolls_over_at_noon(community: Community) -> None:
    text = "[11:58] <mei> a\n[12:30] <mei> b\n[01:10] <mei> c\n[11:00] <mei> d\n[12:05] <mei> e\n"
    import_files(bring(DAY, text), "irc", community)
    assert [row[1:] for row in log_of(community)] == [
        ("2024-05-01 11:58", "mei", "a"),
        ("2024-05-01 12:30", "mei", "b"),
        ("2024-05-01 13:10", "mei", "c"),
        ("2024-05-01 23:00", "mei", "d"),
        ("2024-05-02 00:05", "mei", "e"),
    ]


def test_lines_that_name_channel_and_day_make_the_group(community: Community) -> None:
    text = (
        "roses 2024-05-01 [21:20:37] <mei> red ones \n"
        "roses 2024-05-01 [21:20:37] * qiang nods \n"
        "roses 2024-05-02 [00:00:01] -bot- a notice \n"
    )
    import_files(bring("roses.txt", text), "irc", community)
    said = Event.objects.order_by("occurred_at").values_list(
        "group__name", "group__platform", "payload", "message__text"
    )
    assert list(said) == [
        ("roses", "irc", {}, "red ones "),
        ("roses", "irc", {"form": "action"}, "nods "),
        ("roses", "irc", {"form": "notice"}, "a notice "),
    ]


def test_the_time_zone_is_utc_unless_said_otherwise(community: Community) -> None:
    import_files(bring(DAY, "[10:00] <mei> hi\n"), "irc", community, options={"timezone": "Asia/Shanghai"})
    assert log_of(community) == [("spoke", "2024-05-01 02:00", "mei", "hi")]


def test_a_file_that_names_no_day_asks_for_one(community: Community) -> None:
    with pytest.raises(QunyingError, match=r"No line of “talk\.txt” says which day it is"):
        import_files(bring("talk.txt", "[10:00] <mei> hi\n"), "irc", community)
    result = import_files(bring("talk.txt", "[10:00] <mei> hi\n"), "irc", community, options={"date": "2024-05-01"})
    assert result["from"] == "2024-05-01T10:00:00+00:00"


lines = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["mei", "qiang"]), st.sampled_from(["lol", "rose", "+1"])),
    min_size=1,
    max_size=40,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=lines, data=st.data())
def test_two_exports_that_overlap_are_the_whole(
    make_community: MakeCommunity, said: list[tuple[int, str, str]], data: st.DataObject
) -> None:
    minute, whole, minutes = 0, [], []
    for later, nick, text in said:
        minute += later
        minutes.append(minute)
        whole.append(f"[{10 + minute // 60}:{minute % 60:02}] <{nick}> {text}")
    end = data.draw(st.integers(1, len(whole)), label="the first ends")
    start = data.draw(st.integers(0, end - 1), label="the second begins")
    # The known limit: a minute cut by both exports hides how often equal words were said in it.
    assume(end == len(whole) or minutes[start] != minutes[end])
    one, two = make_community(), make_community()
    import_files(bring(DAY, "\n".join(whole)), "irc", one[0], group="甲")
    for part in (whole[:end], whole[start:]):
        import_files(bring(DAY, "\n".join(part)), "irc", two[0], group="甲")
    assert sorted(log_of(two[0])) == sorted(log_of(one[0]))


def test_a_minute_cut_by_both_exports_counts_equal_words_too_low_and_never_too_high(community: Community) -> None:
    whole = ["[10:00] <mei> lol"] * 3
    for part in (whole[:2], whole[1:]):
        import_files(bring(DAY, "\n".join(part)), "irc", community)
    assert len(log_of(community)) == 2


def test_an_export_that_begins_in_mid_minute_meets_the_one_before(community: Community) -> None:
    whole = [f"[10:{n // 6:02}] <{'mei' if n % 2 else 'qiang'}> {'lol' if n % 3 else n}" for n in range(60)]
    first = import_files(bring(DAY, "\n".join(whole[:40])), "irc", community)
    second = import_files(bring(DAY, "\n".join(whole[21:])), "irc", community)
    assert (counts(first), counts(second)) == ((40, 40, 0, 0), (39, 20, 19, 0))
