"""Pages of scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.plan.materials.models import Script
from tests.support.materials import make_script, sent

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db
LIST_QUERIES = 9
AT = "/communities/flowers/materials/scripts/"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_much_for_one_as_for_three(
    rows: int,
    client_for: Callable[..., Client],
    specialist: Staff,
    community: Community,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(rows):
        make_script(community, f"话{number}")
    client = client_for(specialist)
    client.get(AT)
    with django_assert_num_queries(LIST_QUERIES):
        assert client.get(AT).content.decode().count("data-script") == rows


def test_a_script_is_written_changed_used_and_put_away(
    client_for: Callable[..., Client], specialist: Staff, community: Community
) -> None:
    client = client_for(specialist, "en")
    given = {"situation": "价格", "title": "多少钱", "words": "{商品}99元"}
    assert client.post(f"{AT}new/", given).status_code == 302
    twice = client.post(f"{AT}new/", given)
    assert (twice.status_code, "already" in twice.content.decode()) == (400, True)
    script = Script.objects.get()
    client.post(f"{AT}{script.pk}/", given | {"words": "88元"})
    client.post(f"{AT}{script.pk}/used/")
    page = client.get(AT).content.decode()
    assert ("88元" in page, "Used 1 time<" in page) == (True, True)
    told = client.post(f"{AT}bulk/", {"ids": [script.pk]}, follow=True).content.decode()
    assert ("1 script was put away." in told, "No script yet" in told) == (True, True)
    client.post(f"{AT}undo/")
    assert "88元" in client.get(f"{AT}?q=88").content.decode()


def test_scripts_go_out_and_come_back_in_as_the_same(
    client_for: Callable[..., Client], lead: Staff, community: Community
) -> None:
    make_script(community)
    client = client_for(lead, "zh-hans")
    raw = b"".join(client.get(f"{AT}export/?format=csv").streaming_content)  # type: ignore[attr-defined]
    answer = client.post(f"{AT}bring/", {"file": sent("话术.csv", raw)})
    assert (answer.status_code, Script.objects.count()) == (302, 1)


def test_rows_that_cannot_come_in_are_told(
    client_for: Callable[..., Client], specialist: Staff, community: Community
) -> None:
    client = client_for(specialist, "en")
    assert client.post(f"{AT}bring/").status_code == 400
    rows = "situation,title,words\n价格,多少钱,99元\n价格,,没标题\n".encode()
    page = client.post(f"{AT}bring/", {"file": sent("x.csv", rows)}).content.decode()
    assert ("One row was left out." in page, "A script needs a title." in page) == (True, True)
