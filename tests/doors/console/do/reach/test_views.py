"""Pages of sendings: written, looked at, released by another, done by hand; as many questions for any list."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from qunying.do.reach.models import Absence, Delivery, HandTask, Measure, Sending
from qunying.do.reach.services import Draft, write_sending
from qunying.do.reach.services_tasks import open_due_tasks
from qunying.plan.materials.queries import materials_in
from tests.do.reach.test_pictures import drawn
from tests.support.materials import make_picture, make_script

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_quiet_hours(units: Units) -> None:
    Measure.objects.create(unit=units.headquarters, quiet_from=0, quiet_until=0)


def test_from_the_first_word_to_done_by_hand(
    client_for: Callable[..., Client], community: Community, group: Group, specialist: Staff, lead: Staff
) -> None:
    author, other = client_for(specialist, "en"), client_for(lead, "en")
    answer = author.post(
        reverse("sending_new", args=[community.slug]),
        {"title": "上新", "words": "今晚八点", "to": "groups", "groups": [group.pk]},
    )
    sending = Sending.objects.get()
    assert answer.headers["Location"] == reverse("sending", args=[sending.pk])
    page = author.get(answer.headers["Location"]).content.decode()
    assert "花友一群" in page
    assert "No account is connected there: a person sends it." in page
    author.post(reverse("sending_hand_in", args=[sending.pk]))
    sending.refresh_from_db()
    assert "It waits for somebody else" in author.get(reverse("sending", args=[sending.pk])).content.decode()
    other.post(reverse("sending_release", args=[sending.pk]), {"seen": sending.checked_hash})
    open_due_tasks()
    one = Delivery.objects.get()
    assert "今晚八点" in author.get(reverse("hand_tasks")).content.decode()
    author.post(reverse("hand_tasks_over"), {"ids": [one.pk], "to": lead.pk})
    other.post(reverse("hand_task_done", args=[one.pk]), {"proof": "已在群里看到"})
    page = author.get(reverse("sending", args=[sending.pk])).content.decode()
    assert "已在群里看到" in page


def test_what_a_sending_takes_from_the_library_counts_as_used(
    client_for: Callable[..., Client],
    community: Community,
    group: Group,
    specialist: Staff,
    settings: SettingsWrapper,
    tmp_path: Path,
) -> None:
    settings.UPLOADS = tmp_path
    picture, script, client = make_picture(community), make_script(community), client_for(specialist, "en")
    said = {"title": "上新", "words": "今晚八点", "to": "groups", "groups": [group.pk], "from_library": [picture.pk]}
    address = f"{reverse('sending_new', args=[community.slug])}?script={script.pk}"
    assert "欢迎来到花友会" in client.get(address).content.decode()
    client.post(address, said)
    sending = Sending.objects.get()
    script.refresh_from_db()
    assert (sending.pictures, script.uses, materials_in(community).get().used) == ([picture.file_id], 1, 1)
    page = client.get(reverse("material", args=[community.slug, picture.pk])).content.decode()
    assert ("Used in 1 place" in page, "上新" in page) == (True, True)
    del said["from_library"]
    client.post(reverse("sending_edit", args=[sending.pk]), said)
    assert materials_in(community).get().used == 1
    client.post(reverse("sending_edit", args=[sending.pk]), said | {f"away-{picture.file_id}": "1"})
    assert materials_in(community).get().used == 0


def test_a_form_with_nobody_to_send_to_says_so(
    client_for: Callable[..., Client], community: Community, specialist: Staff
) -> None:
    answer = client_for(specialist, "en").post(
        reverse("sending_new", args=[community.slug]), {"title": "上新", "words": "今晚", "to": "groups"}
    )
    assert answer.status_code == 400
    assert "Choose groups, or a segment" in answer.content.decode()


def test_a_list_asks_as_much_for_three_as_for_one(
    client_for: Callable[..., Client],
    community: Community,
    group: Group,
    specialist: Staff,
    django_assert_num_queries: Callable[..., object],
) -> None:
    client, counts = client_for(specialist), []
    client.get(reverse("sendings"))
    for more in (1, 2):
        for number in range(more):
            write_sending(community, Draft(f"第{number}条", "早", groups=[group]), by=specialist)
        with django_assert_num_queries(12):  # type: ignore[attr-defined] - pytest-django's
            page = client.get(reverse("sendings")).content.decode()
        counts.append(page.count('<td class="main">'))
    assert counts == [1, 3]


def test_pictures_from_the_form_to_the_list_of_what_goes_by_hand(
    client_for: Callable[..., Client],
    community: Community,
    group: Group,
    specialist: Staff,
    lead: Staff,
    reviewer: Staff,
    outsider: Staff,
) -> None:
    author, other = client_for(specialist, "en"), client_for(lead, "en")
    given = {"title": "上新", "words": "今晚八点", "to": "groups", "groups": [group.pk]}
    upload = SimpleUploadedFile("海报.png", drawn(), "image/png")
    author.post(reverse("sending_new", args=[community.slug]), given | {"new_pictures": upload})
    sending = Sending.objects.get()
    [file] = sending.pictures
    address = reverse("sending_picture", args=[sending.pk, file])
    assert address in author.get(reverse("sending", args=[sending.pk])).content.decode()
    assert (author.get(address).status_code, client_for(outsider).get(address).status_code) == (200, 404)
    author.post(reverse("sending_hand_in", args=[sending.pk]))
    sending.refresh_from_db()
    other.post(reverse("sending_release", args=[sending.pk]), {"seen": sending.checked_hash})
    open_due_tasks()
    one = Delivery.objects.get()
    saved = reverse("hand_task_picture", args=[one.pk, file])
    assert saved in author.get(reverse("hand_tasks")).content.decode()
    answer = author.get(saved)
    assert (answer.headers["Content-Type"], "attachment" in answer.headers["Content-Disposition"]) == (
        "image/jpeg",
        True,
    )
    assert [client_for(one).get(saved).status_code for one in (reviewer, outsider)] == [404, 404]
    shot = SimpleUploadedFile("截图.png", drawn("blue"), "image/png")
    author.post(reverse("hand_task_done", args=[one.pk]), {"proof": "", "picture": shot})
    proof = reverse("hand_task_proof", args=[one.pk])
    assert proof in other.get(reverse("sending", args=[sending.pk])).content.decode()
    assert [client_for(one).get(proof).status_code for one in (lead, reviewer, outsider)] == [200, 404, 404]


def test_a_picture_can_be_taken_away_again(
    client_for: Callable[..., Client], community: Community, group: Group, specialist: Staff
) -> None:
    author = client_for(specialist, "en")
    given = {"title": "上新", "words": "今晚八点", "to": "groups", "groups": [group.pk]}
    files = [SimpleUploadedFile(f"{name}.png", drawn(name), "image/png") for name in ("red", "blue")]
    author.post(reverse("sending_new", args=[community.slug]), given | {"new_pictures": files})
    sending = Sending.objects.get()
    first, second = sending.pictures
    author.post(reverse("sending_edit", args=[sending.pk]), given | {f"away-{first}": "1"})
    sending.refresh_from_db()
    assert sending.pictures == [second]
    broken = SimpleUploadedFile("动图.gif", b"GIF89a", "image/gif")
    answer = author.post(reverse("sending_edit", args=[sending.pk]), given | {"new_pictures": broken})
    assert (answer.status_code, "is no PNG, JPEG or WebP picture" in answer.content.decode()) == (400, True)


def test_saying_that_one_is_away(client_for: Callable[..., Client], specialist: Staff, lead: Staff) -> None:
    client, today = client_for(specialist, "en"), timezone.localdate()
    days = {"first": today.isoformat(), "last": (today + timedelta(days=2)).isoformat()}
    assert client.post(reverse("away"), days | {"deputy": specialist.pk}).status_code == 400
    client.post(reverse("away"), days | {"deputy": lead.pk})
    absence = Absence.objects.get()
    assert (absence.deputy, absence.ends_at - absence.begins_at) == (lead, timedelta(days=3))
    assert "群主 stands in" in client.get(reverse("away")).content.decode()
    assert "群主 stands in" in client_for(lead, "en").get(reverse("hand_tasks_team")).content.decode()
    assert client_for(lead).post(reverse("away_end", args=[absence.pk])).status_code == 404
    client.post(reverse("away_end", args=[absence.pk]))
    absence.refresh_from_db()
    assert absence.ended_at is not None
    assert "Who stands in" in client.get(reverse("away")).content.decode()


def test_who_has_how_much_to_send_by_hand(
    client_for: Callable[..., Client],
    community: Community,
    group: Group,
    specialist: Staff,
    lead: Staff,
    django_assert_num_queries: Callable[..., object],
) -> None:
    client = client_for(specialist, "en")
    client.get(reverse("hand_tasks_team"))
    for number in (1, 2, 3):
        parts = {"key": f"tests:{number}", "origin": "tests", "action": "send", "way": "hand", "state": "hand"}
        made = Delivery.objects.create(community=community, group=group, due_at=timezone.now(), **parts)
        HandTask.objects.create(delivery=made, due_at=timezone.now(), owner=lead if number > 1 else None)
        if number != 2:
            with django_assert_num_queries(15):  # type: ignore[attr-defined] - pytest-django's
                page = client.get(reverse("hand_tasks_team")).content.decode()
    assert f"?whose={lead.pk}" in page
    assert "?whose=nobody" in page
    mine = client.get(reverse("hand_tasks"), {"whose": lead.pk}).content.decode()
    assert (mine.count('class="hand-task"'), "With 群主" in mine) == (2, True)
