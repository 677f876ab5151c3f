"""Pictures go behind the words: released with them, handed to platforms and people, gone where they are gone."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from PIL import Image

from qunying.do.reach.facts import tell_delivered
from qunying.do.reach.models import Delivery, HandTask
from qunying.do.reach.pictures import named_in, pictures_of, take_picture
from qunying.do.reach.sending import order_of
from qunying.do.reach.services import Draft, hand_in, release_sending, write_sending
from qunying.do.reach.services_tasks import finish_task, open_due_tasks
from qunying.do.reach.targets import hash_of_sending
from qunying.do.reach.tasks import send_through
from qunying.ground.events.models import Event
from qunying.ground.files.models import StoredFile
from qunying.ground.files.services import remove_contents
from qunying.kit.errors import QunyingError
from tests.do.reach.conftest import states
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.do.reach.models import Measure, Sending
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.platforms.models import Account

pytestmark = pytest.mark.django_db


def drawn(colour: str = "red", kind: str = "PNG") -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, kind)
    return out.getvalue()


@pytest.fixture
def picture(community: Community, specialist: Staff) -> StoredFile:
    """A poster."""
    return take_picture(drawn(), name="海报.png", community=community, by=specialist)


def test_a_platform_is_handed_the_pictures(
    released: Callable[..., Sending], connected: list[Group], account: Account, picture: StoredFile
) -> None:
    sending = released(connected[:1], pictures=[picture])
    one = Delivery.objects.get(sending=sending)
    assert one.options == {"pictures": [picture.pk]}
    [handed] = order_of(one).pictures
    assert (handed.name, handed.media_type) == ("海报.jpg", "image/jpeg")
    assert Image.open(io.BytesIO(handed.content)).size == (40, 30)


def test_another_picture_is_another_content(
    community: Community, group: Group, specialist: Staff, lead: Staff, picture: StoredFile
) -> None:
    plain = write_sending(community, Draft("上新", "今晚", groups=[group]), by=specialist)
    before = hash_of_sending(plain)
    hand_in(plain, by=specialist)
    changed = write_sending(
        community, Draft("上新", "今晚", groups=[group], pictures=[picture]), by=specialist, sending=plain
    )
    assert hash_of_sending(changed) != before
    with pytest.raises(QunyingError):
        release_sending(changed, by=lead, seen=before)


def test_nothing_leaves_where_a_picture_is_gone(
    released: Callable[..., Sending], connected: list[Group], account: Account, picture: StoredFile
) -> None:
    sending = released(connected[:1], pictures=[picture])
    remove_contents([picture], by=TESTS)
    send_through(account.pk)
    assert states(sending) == ["refused"]
    assert "海报.jpg" in sending.deliveries.get().why


def test_pictures_of_others_are_refused(
    community: Community, other_community: Community, group: Group, specialist: Staff, outsider: Staff
) -> None:
    foreign = take_picture(drawn(), name="别人的.png", community=other_community, by=outsider)
    with pytest.raises(QunyingError, match="was not uploaded for this community"):
        write_sending(community, Draft("上新", "今晚", groups=[group], pictures=[foreign]), by=specialist)
    own = [take_picture(drawn(), name=f"{n}.png", community=community, by=specialist) for n in range(10)]
    with pytest.raises(QunyingError, match="at most 9 pictures"):
        write_sending(community, Draft("上新", "今晚", groups=[group], pictures=own), by=specialist)
    with pytest.raises(QunyingError, match="no PNG, JPEG or WebP"):
        take_picture(b"GIF89a", name="动图.gif", community=community, by=specialist)


def test_whatever_else_stands_in_the_options_is_no_picture() -> None:
    assert named_in(Delivery(options={"pictures": [1, "2", None]})) == [1]
    assert [named_in(Delivery(options=given)) for given in ({}, {"pictures": "1"}, {"pictures": None})] == [[]] * 3
    assert pictures_of(Delivery(options={})) == []


def test_a_picture_is_kept_as_proof(
    released: Callable[..., Sending], group: Group, wide_open: Measure, specialist: Staff
) -> None:
    released([group])
    open_due_tasks()
    task = HandTask.objects.get()
    with pytest.raises(QunyingError, match="no PNG, JPEG or WebP"):
        finish_task(task, proof="", by=specialist, picture=b"no picture", picture_name="截图.png")
    finish_task(task, proof="", by=specialist, picture=drawn("blue"), picture_name="截图.png")
    task.refresh_from_db()
    assert task.proof_picture is not None
    assert (task.end, task.proof_picture.name, task.proof_picture.owner) == ("done", "截图.jpg", specialist)
    with pytest.raises(QunyingError, match="answered this already"):
        finish_task(task, proof="", by=specialist, picture=drawn("green"), picture_name="晚了.png")
    kept = StoredFile.objects.filter(removed_at=None).values_list("name", flat=True)
    assert list(kept) == ["截图.jpg"]


def test_several_messages_are_told_by_the_first(community: Community, group: Group) -> None:
    parts = {"key": "tests:1", "origin": "tests", "action": "send", "way": "official", "due_at": timezone.now()}
    delivery = Delivery.objects.create(community=community, group=group, **parts)
    tell_delivered(delivery, at=timezone.now(), external_id=" ".join(f"${number}{'x' * 42}" for number in range(4)))
    assert Event.objects.get().object_id == "$0" + "x" * 42
