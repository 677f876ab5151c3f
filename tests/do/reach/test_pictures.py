"""Pictures go along with the words; one that is gone is refused in words, before the platform is asked."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from PIL import Image

from qunying.do.reach.facts import tell_delivered
from qunying.do.reach.models import Delivery
from qunying.do.reach.sending import order_of
from qunying.ground.events.models import Event
from qunying.ground.files.models import StoredFile
from qunying.ground.files.services import remove_contents, store_file
from qunying.ground.platforms.port import RefusedError
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.groups.models import Community, Group

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery(community: Community, group: Group, settings: SettingsWrapper, tmp_path: Path) -> Delivery:
    """Words with one picture."""
    settings.UPLOADS = tmp_path / "uploads"
    with io.BytesIO() as out:
        Image.new("RGB", (2, 2)).save(out, "PNG")
        stored = store_file(io.BytesIO(out.getvalue()), name="花.png", purpose="tests", by=TESTS, pictures=True)
    parts = {"key": "tests:1", "origin": "tests", "action": "send", "way": "official"}
    options = {"pictures": [stored.pk]}
    return Delivery.objects.create(community=community, group=group, options=options, due_at=timezone.now(), **parts)


def test_the_order_carries_the_pictures(delivery: Delivery) -> None:
    [picture] = order_of(delivery).pictures
    assert (picture.name, picture.media_type, picture.content[:4]) == ("花.png", "image/png", b"\x89PNG")


def test_a_picture_that_is_gone_is_refused(delivery: Delivery) -> None:
    remove_contents(StoredFile.objects.all(), by=TESTS)
    with pytest.raises(RefusedError, match="not there any more"):
        order_of(delivery)


def test_several_messages_are_told_by_the_first(delivery: Delivery) -> None:
    tell_delivered(delivery, at=timezone.now(), external_id=" ".join(f"${number}{'x' * 42}" for number in range(4)))
    assert Event.objects.get().object_id == "$0" + "x" * 42
