"""Whoever sent something in is thanked once, where they can be reached, in the words the team chose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.do.publishing.services_thanks import account_of_sender, thank_sender, thanks_sent
from qunying.do.reach.models import Delivery, HandTask
from qunying.do.reach.services_tasks import open_due_tasks
from qunying.do.reach.tasks import send_through
from qunying.ground.members.models import Member
from qunying.kit.errors import NotAllowedError, QunyingError
from qunying.plan.content.models import Submission
from qunying.plan.content.services_submissions import accept_submission, take_submission
from tests.do.publishing.conftest import people
from tests.plan.content.test_services_submissions import _sent
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.platforms.models import Account
    from tests.support.loopback import Platform

pytestmark = pytest.mark.django_db
THANKS = "谢谢小美，照片真好看。"


@pytest.fixture
def accepted(community: Community, connected: list[Group], specialist: Staff) -> Submission:
    """Something sent in by a person of the first group, taken with thanks."""
    people(connected[0], "a")
    member = Member.objects.get(identities__external_id="a")
    made = take_submission(_sent(), community=community, member=member, by=TESTS)
    accept_submission(made, title="开花了", thanks=THANKS, by=specialist)
    made.refresh_from_db()
    return made


def test_the_sender_reads_the_thanks_once(
    accepted: Submission, account: Account, platform: Platform, specialist: Staff
) -> None:
    thank_sender(accepted, by=specialist)
    send_through(account.pk)
    open_due_tasks()
    made = thanks_sent(accepted)
    assert made is not None
    assert (made.words, made.state, HandTask.objects.count()) == (THANKS, Delivery.State.SENT, 0)
    assert [one["words"] for one in platform.kept] == [THANKS]
    with pytest.raises(QunyingError, match="already"):
        thank_sender(accepted, by=specialist)


def test_other_words_do_not_leave(
    accepted: Submission, account: Account, platform: Platform, specialist: Staff
) -> None:
    thank_sender(accepted, by=specialist)
    Submission.objects.update(answer="别的话")
    send_through(account.pk)
    made = thanks_sent(accepted)
    assert (made and made.state, platform.kept) == (Delivery.State.HELD, [])


def test_who_cannot_be_reached_is_promised_nothing(accepted: Submission, specialist: Staff, reviewer: Staff) -> None:
    with pytest.raises(NotAllowedError):
        thank_sender(accepted, by=reviewer)
    Submission.objects.update(member=None)
    accepted.refresh_from_db()
    assert account_of_sender(accepted) is None
    with pytest.raises(QunyingError, match="unknown"):
        thank_sender(accepted, by=specialist)
    assert Delivery.objects.count() == 0
