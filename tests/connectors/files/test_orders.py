"""Orders: exact money, lines told apart, refunds, and words for states."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db.models import Sum

from qunying.ground.events.models import Event
from qunying.kit.errors import QunyingError
from tests.support.imports import bring, codes, counts, import_files

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db

HEAD = "order_id,member,time,amount,product,units,status\n"


def facts() -> list[tuple[str, str, int | None, dict[str, object]]]:
    rows = Event.objects.order_by("occurred_at", "object_id", "amount")
    return list(rows.values_list("kind", "object_id", "amount", "payload"))


def test_lines_of_one_order_are_facts_of_their_own(community: Community) -> None:
    text = HEAD + (
        "A1,m1,2024-05-01 10:00,19.90,玫瑰,1,已完成\n"
        "A1,m1,2024-05-01 10:00,19.90,玫瑰,1,已完成\n"
        'A1,m1,2024-05-01 10:00,"1,234.50",百合,2,\n'
        "A2,m2,2024-05-01 11:00,5.00,玫瑰,1,已退款\n"
        "A3,m2,2024-05-01 12:00,-3.2,玫瑰,,\n"
        "A4,m2,2024-05-01 13:00,8,玫瑰,1,已取消\n"
    )
    result = import_files(bring("o.csv", text), "orders", community)
    assert (counts(result), result["skipped"]) == ((6, 5, 0, 0), 1)
    assert facts() == [
        ("ordered", "A1", 1990, {"product": "玫瑰", "units": 1.0}),
        ("ordered", "A1", 1990, {"product": "玫瑰", "units": 1.0}),
        ("ordered", "A1", 123450, {"product": "百合", "units": 2.0}),
        ("refunded", "A2", 500, {}),
        ("refunded", "A3", 320, {}),
    ]
    assert counts(import_files(bring("o.csv", text), "orders", community)) == (6, 0, 5, 0)


def test_a_day_without_offset_is_the_communitys(community: Community) -> None:
    result = import_files(bring("o.csv", HEAD + "A,m,2024-05-01 00:30,1,,,\n"), "orders", community)
    assert result["from"] == "2024-04-30T16:30:00+00:00"


def test_bad_values_name_their_column_as_the_file_does(community: Community) -> None:
    text = (
        "订单号,买家,付款时间,实付金额,数量,状态\n"
        "A,m,2024-05-01,1.005,1,\n"
        "B,m,昨天,1,1,\n"
        "C,,2024-05-01,1,1,\n"
        "D,m,2024-05-01,1,两,\n"
        "E,m,2024-05-01,1,1,已发霉\n"
        "F,m,2024-05-01,1,1,已付款\n"
    )
    result = import_files(bring("o.csv", text), "orders", community)
    assert counts(result) == (6, 1, 0, 5)
    assert codes(result) == [
        ("2", "实付金额", "1.005", "bad_amount"),
        ("3", "付款时间", "昨天", "bad_time"),
        ("4", "买家", "", "empty_cell"),
        ("5", "数量", "两", "bad_number"),
        ("6", "状态", "已发霉", "unknown_status"),
    ]


def test_the_words_for_states_can_be_set(community: Community) -> None:
    options = {"paid": "ok", "refunded": "back", "unpaid": "waiting"}
    text = HEAD + "A,m,2024-05-01,1,,,OK\nB,m,2024-05-01,1,,,back\nC,m,2024-05-01,1,,,waiting\n"
    assert import_files(bring("o.csv", text), "orders", community, options=options)["kinds"] == {
        "ordered": 1,
        "refunded": 1,
    }


def test_a_mapping_finds_columns_by_their_names_in_the_file(community: Community) -> None:
    columns = {"order_id": "basket", "member": "household", "time": "stamp", "amount": "sales"}
    text = "household,basket,sales,stamp\n7,b1,1.59,1488339117.0\n"
    result = import_files(bring("cj.csv.gz", text), "orders", community, columns=columns)
    assert (result["stored"], result["from"]) == (1, "2017-03-01T03:31:57+00:00")


def test_a_mapping_that_does_not_fit_is_refused(community: Community) -> None:
    with pytest.raises(QunyingError, match="names a column “nowhere” that the file does not have"):
        import_files(bring("o.csv", HEAD + "A,m,2024-05-01,1,,,\n"), "orders", community, columns={"amount": "nowhere"})
    with pytest.raises(QunyingError, match="speaks of “colour”"):
        import_files(bring("o.csv", HEAD + "A,m,2024-05-01,1,,,\n"), "orders", community, columns={"colour": "status"})


def test_money_never_passes_through_floats(community: Community) -> None:
    rows = "".join(f"o{n},m,2024-05-01,0.{n % 10}{n % 7},p,1,\n" for n in range(200))
    import_files(bring("o.csv", HEAD + rows), "orders", community)
    total = Event.objects.aggregate(total=Sum("amount"))["total"]
    assert total == sum((n % 10) * 10 + n % 7 for n in range(200))
