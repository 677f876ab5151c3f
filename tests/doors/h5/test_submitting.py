"""The page by which members send things in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from qunying.doors.h5.pages import PACE
from qunying.doors.h5.submitting import SENDING
from qunying.plan.content.models import Submission
from qunying.plan.content.services_submissions import accept_submission, close_call, decline_submission
from tests.support.cast import TESTS
from tests.support.content import make_call, make_submission
from tests.support.materials import picture_bytes, sent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.plan.content.models import Call

pytestmark = pytest.mark.django_db
GIVEN = {"name": "小美", "words": "开花了", "right": "own", "agreed": "1", "website": ""}


@pytest.fixture(autouse=True)
def _unhurried(settings: SettingsWrapper, tmp_path: Path) -> Iterator[None]:
    settings.UPLOADS = tmp_path
    PACE.forget()
    SENDING.forget()
    yield
    PACE.forget()
    SENDING.forget()


@pytest.fixture
def call(community: Community) -> Call:
    return make_call(community)


def _client(language: str = "zh-CN") -> Client:
    return Client(headers={"Accept-Language": language, "User-Agent": "MicroMessenger"}, enforce_csrf_checks=True)


def test_words_and_pictures_come_in_without_a_cookie(call: Call) -> None:
    client, at = _client(), reverse("send_in", args=[call.code])
    page = client.get(at)
    assert ("晒晒你家的花" in page.content.decode(), page.cookies.keys()) == (True, set())
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    answer = client.post(at, GIVEN | {"pictures": [sent("花.jpg", picture_bytes())]})
    one = Submission.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("sent_in", args=[one.code]))
    assert (one.call, one.name, one.words, one.pictures.count()) == (call, "小美", "开花了", 1)
    assert "谢谢，收到了" in client.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"words": ""}, {"right": ""}, {"agreed": ""}, {"website": "https://spam.example"}],
)
def test_what_was_typed_stays_where_something_is_missing(wrong: dict[str, str], call: Call) -> None:
    typed = GIVEN | {"contact": "微信xm"}
    answer = _client().post(reverse("send_in", args=[call.code]), typed | wrong)
    page = answer.content.decode()
    assert (answer.status_code, 'role="alert"' in page, "微信xm" in page) == (400, True, True)
    assert Submission.objects.count() == 0


def test_pictures_have_to_be_chosen_again(call: Call) -> None:
    answer = _client("en").post(reverse("send_in", args=[call.code]), GIVEN | {"pictures": [sent("x.jpg", b"no")]})
    page = answer.content.decode()
    assert (answer.status_code, "choose the pictures once more" in page) == (400, True)


def test_a_closed_page_and_a_code_that_is_none_say_so(call: Call) -> None:
    close_call(call, by=TESTS)
    assert _client().get(reverse("send_in", args=[call.code])).status_code == 410
    assert _client().post(reverse("send_in", args=[call.code]), GIVEN).status_code == 410
    for name in ("send_in", "sent_in"):
        assert _client().get(reverse(name, args=["made-up"])).status_code == 404


def test_who_sends_too_often_waits(call: Call) -> None:
    client, at = _client(), reverse("send_in", args=[call.code])
    told = [client.post(at, GIVEN | {"agreed": ""}).status_code for _number in range(21)]
    assert told == [400] * 20 + [429]


def test_the_sender_s_own_page_tells_what_came_of_it(call: Call, community: Community, specialist: Staff) -> None:
    taken, declined = make_submission(community, call=call), make_submission(community, call=call)
    accept_submission(taken, title="月季", thanks="谢谢您的月季！", by=specialist)
    decline_submission(declined, reason="这次想要玫瑰。", by=specialist)
    client = _client()
    told = [client.get(reverse("sent_in", args=[one.code])).content.decode() for one in (taken, declined)]
    assert ("谢谢您的月季！" in told[0], "这次想要玫瑰。" in told[1]) == (True, True)
