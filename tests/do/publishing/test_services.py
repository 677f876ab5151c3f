"""An approved entry goes to each group once, as it was approved, or not at all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.do.publishing.ending import end_publications
from qunying.do.publishing.models import Publication, PublicationGroup, PublicationLink
from qunying.do.publishing.queries import deliveries_of, groups_free, tallies_of, unpublished
from qunying.do.publishing.services import (
    cancel_publication,
    move_publication,
    publish_entry,
    publish_refused_again,
)
from qunying.do.reach.models import Delivery, HandTask
from qunying.do.reach.services_tasks import finish_task, open_due_tasks
from qunying.do.reach.tasks import send_through
from qunying.ground.audit.models import Act
from qunying.ground.events.models import Event
from qunying.kit.errors import NotAllowedError, QunyingError
from qunying.plan.content.services import Draft, drop_entry, write_version
from tests.support.publishing import approve, approved_entry

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.platforms.models import Account
    from qunying.plan.content.models import Entry
    from tests.support.loopback import Platform

pytestmark = pytest.mark.django_db
WORDS = "春天的第一束花\n\n郁金香到店了，一共五种颜色。"
HOUR = timedelta(hours=1)


def states(publication: Publication) -> list[str]:
    return list(deliveries_of(publication).values_list("state", flat=True))


def rewrite(entry: Entry, by: Staff) -> None:
    write_version(entry, draft=Draft(entry.title, words="还有六种颜色。"), by=by)


def test_it_reaches_each_of_its_groups_once_and_is_over_then(
    entry: Entry, connected: list[Group], account: Account, platform: Platform, specialist: Staff
) -> None:
    made = publish_entry(entry, groups=connected[:2], by=specialist)
    assert send_through(account.pk) == 2
    assert [(one["to"], one["words"]) for one in platform.kept] == [("!1", WORDS), ("!2", WORDS)]
    assert end_publications() == 1
    made.refresh_from_db()
    assert (made.state, states(made)) == ("done", ["sent", "sent"])
    told = [one.payload for one in Event.objects.filter(kind="delivered")]
    assert [(one["origin"], one["origin_id"]) for one in told] == [("publishing", str(made.pk))] * 2
    assert Act.objects.filter(verb="publishing.publish").count() == 1


def test_what_is_not_approved_is_not_published(
    community: Community, connected: list[Group], draft_entry: Entry, specialist: Staff, entry: Entry
) -> None:
    with pytest.raises(QunyingError, match="not approved as it now reads"):
        publish_entry(draft_entry, groups=connected[:1], by=specialist)
    rewrite(entry, specialist)
    with pytest.raises(QunyingError, match="not approved as it now reads"):
        publish_entry(entry, groups=connected[:1], by=specialist)
    assert Delivery.objects.count() == 0


def test_an_edit_holds_what_has_not_left_and_says_why(
    entry: Entry,
    connected: list[Group],
    account: Account,
    platform: Platform,
    specialist: Staff,
    group: Group,
    wide_open: object,
) -> None:
    first = publish_entry(entry, groups=connected[:1], by=specialist)
    send_through(account.pk)
    second = publish_entry(entry, groups=[connected[1], group], by=specialist, due_at=timezone.now() + HOUR)
    assert open_due_tasks() == 1
    rewrite(entry, specialist)
    assert (states(first), states(second)) == (["sent"], ["held", "held"])
    second.refresh_from_db()
    assert second.state == "held"
    assert {one.why[:22] for one in deliveries_of(second)} == {"“春天的第一束花” was changed "}
    assert HandTask.objects.count() == 0
    assert Act.objects.filter(verb="publishing.hold").count() == 1
    assert len(platform.kept) == 1


def test_dropping_holds_it_too(entry: Entry, connected: list[Group], specialist: Staff) -> None:
    made = publish_entry(entry, groups=connected[:1], by=specialist, due_at=timezone.now() + HOUR)
    drop_entry(entry, by=specialist)
    assert states(made) == ["held"]


def test_content_changed_behind_the_back_of_every_verb_never_leaves(
    entry: Entry, connected: list[Group], account: Account, platform: Platform, specialist: Staff
) -> None:
    made = publish_entry(entry, groups=connected[:1], by=specialist)
    entry.versions.update(words="换了内容")
    send_through(account.pk)
    assert (states(made), platform.kept) == (["held"], [])
    with pytest.raises(QunyingError, match="not approved any more"):
        publish_refused_again(made, by=specialist)


def test_words_put_into_a_delivery_under_another_hash_never_leave(
    entry: Entry, connected: list[Group], account: Account, platform: Platform, specialist: Staff
) -> None:
    made = publish_entry(entry, groups=connected[:1], by=specialist)
    deliveries_of(made).update(content_hash="0" * 64)
    send_through(account.pk)
    assert (states(made), platform.kept) == (["held"], [])


def test_a_group_gets_one_version_once_and_a_newer_one_again(
    entry: Entry, connected: list[Group], account: Account, specialist: Staff, reviewer: Staff, second: Staff
) -> None:
    publish_entry(entry, groups=connected[:2], by=specialist)
    with pytest.raises(QunyingError, match="连上的2群"):
        publish_entry(entry, groups=connected[1:], by=specialist)
    assert groups_free(entry) == connected[2:]
    send_through(account.pk)
    rewrite(entry, specialist)
    approve(entry, reviewer, second)
    assert len(groups_free(type(entry).objects.get())) == 3
    assert states(publish_entry(entry, groups=connected, by=specialist)) == ["waiting"] * 3


def test_what_was_called_off_may_be_published_again(
    entry: Entry, connected: list[Group], account: Account, platform: Platform, specialist: Staff
) -> None:
    made = publish_entry(entry, groups=connected[:2], by=specialist, due_at=timezone.now() + HOUR)
    assert list(unpublished([entry.community_id])) == []
    assert cancel_publication(made, by=specialist) == 2
    assert list(unpublished([entry.community_id])) == [entry]
    assert PublicationGroup.objects.filter(stopped_at=None).count() == 0
    publish_entry(entry, groups=connected[:2], by=specialist)
    send_through(account.pk)
    assert len(platform.kept) == 2
    with pytest.raises(QunyingError, match="Load the page again"):
        cancel_publication(made, by=specialist)


def test_what_was_refused_is_tried_again_and_what_arrived_is_not(
    entry: Entry, connected: list[Group], account: Account, platform: Platform, specialist: Staff
) -> None:
    made = publish_entry(entry, groups=connected[:2], by=specialist)
    platform.answers = [403]
    send_through(account.pk)
    assert sorted(states(made)) == ["refused", "sent"]
    end_publications()
    assert publish_refused_again(made, by=specialist) == 1
    send_through(account.pk)
    assert states(made) == ["sent", "sent"]
    assert sorted(one["to"] for one in platform.kept) == ["!1", "!2"]
    with pytest.raises(QunyingError, match="nothing of it to try again"):
        publish_refused_again(made, by=specialist)


def test_it_can_be_put_off_while_it_waits(
    entry: Entry, connected: list[Group], account: Account, platform: Platform, specialist: Staff
) -> None:
    made = publish_entry(entry, groups=connected[:1], by=specialist, due_at=timezone.now() + HOUR)
    assert send_through(account.pk) == 0
    assert move_publication(made, due_at=timezone.now() - HOUR, by=specialist) == 1
    assert send_through(account.pk) == 1
    with pytest.raises(QunyingError, match="has left"):
        move_publication(made, due_at=timezone.now(), by=specialist)
    assert len(platform.kept) == 1


def test_a_pinned_one_is_pinned_once_it_has_arrived(
    entry: Entry, connected: list[Group], account: Account, platform: Platform, specialist: Staff
) -> None:
    made = publish_entry(entry, groups=connected[:1], by=specialist, pinned=True)
    end_publications()
    assert deliveries_of(made, action="pin").count() == 0
    send_through(account.pk)
    assert end_publications() == 0
    end_publications()
    pin = deliveries_of(made, action="pin").get()
    assert pin.subject == deliveries_of(made).get().external_id
    send_through(account.pk)
    finish_task(HandTask.objects.get(), proof="", by=specialist)
    assert end_publications() == 1


def test_groups_without_an_account_become_tasks_with_pictures_to_save(
    community: Community, group: Group, wide_open: object, specialist: Staff, entry: Entry
) -> None:
    made = publish_entry(entry, groups=[group], by=specialist)
    assert open_due_tasks() == 1
    assert (states(made), HandTask.objects.get().delivery.words) == (["hand"], WORDS)
    assert tallies_of([made]) == {made.pk: {"hand": 1}}


def test_addresses_become_short_links_of_their_own_in_each_group(
    community: Community,
    connected: list[Group],
    specialist: Staff,
    reviewer: Staff,
    second: Staff,
    settings: SettingsWrapper,
) -> None:
    settings.PUBLIC_URL = "https://qy.example"
    draft = Draft("养护", words="见 https://example.com/a。", links=("https://example.com/a", "https://example.com/b"))
    entry = approved_entry(community, reviewer, second, by=specialist, draft=draft)
    made = publish_entry(entry, groups=connected[:2], by=specialist, counts_clicks=True)
    links = [one.link for one in PublicationLink.objects.select_related("link")]
    assert sorted((one.url[-1], one.group_id) for one in links) == sorted(
        (end, group.pk) for end in "ab" for group in connected[:2]
    )
    told = [one.words for one in deliveries_of(made)]
    assert all("example.com" not in words and words.count("https://qy.example/l/") == 3 for words in told)
    assert told[0] != told[1]


def test_it_takes_the_permission_to_send_in_the_unit(
    entry: Entry, connected: list[Group], reviewer: Staff, outsider: Staff, specialist: Staff
) -> None:
    for person in (reviewer, outsider):
        with pytest.raises(NotAllowedError):
            publish_entry(entry, groups=connected[:1], by=person)
    made = publish_entry(entry, groups=connected[:1], by=specialist)
    with pytest.raises(NotAllowedError):
        cancel_publication(made, by=reviewer)


def test_it_goes_to_groups_of_its_community_and_to_one_at_least(
    entry: Entry, specialist: Staff, connected: list[Group], units: object
) -> None:
    with pytest.raises(QunyingError, match="at least one group"):
        publish_entry(entry, groups=[], by=specialist)
