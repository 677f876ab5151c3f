"""Verbs on publications: publish, put off, call off, try again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.do.publishing.approval import ORIGIN, stop_deliveries
from qunying.do.publishing.models import Publication, PublicationGroup
from qunying.do.publishing.queries import deliveries_of
from qunying.do.publishing.rules import may_publish
from qunying.do.publishing.wording import is_advert, pictures_of, with_short_links, words_of
from qunying.do.reach.models import Delivery
from qunying.do.reach.rules import answering
from qunying.do.reach.services_planning import Origin, Wanted, plan_deliveries
from qunying.do.reach.tasks import wake
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.platforms.port import Action
from qunying.kit.errors import NotAllowedError, QunyingError
from qunying.plan.content.queries import approved_version
from qunying.plan.content.services import locked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder
    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community, Group
    from qunying.plan.content.models import Entry, Version

PUBLISH = declare_verb("publishing.publish", gettext_lazy("An approved entry was published, or planned to be."))
MOVE = declare_verb("publishing.move", gettext_lazy("The time of a publication was changed."))
CANCEL = declare_verb("publishing.cancel", gettext_lazy("A publication was called off."))
AGAIN = declare_verb("publishing.again", gettext_lazy("Refused deliveries of a publication are tried again."))

LATEST = timedelta(days=2)
"""What could not leave within two days of its time is old news and stays."""


@transaction.atomic
def publish_entry(  # noqa: PLR0913 - what a publication is
    entry: Entry,
    *,
    groups: Sequence[Group],
    by: Holder,
    due_at: datetime | None = None,
    pinned: bool = False,
    counts_clicks: bool = False,
) -> Publication:
    """Have what was approved of an entry go into these groups at `due_at` (aware; None or past: now).

    Raises QunyingError for an entry that does not stand approved as it now reads, for no groups or foreign ones, and
    for groups that have this version already.
    """
    entry = locked(entry)
    _check_may(by, entry.community)
    version = approved_version(entry)
    if version is None:
        raise QunyingError(_("“%(entry)s” is not approved as it now reads. Have it reviewed.") % {"entry": entry.title})
    _check_groups(version, groups, entry.community)
    now = timezone.now()
    made = Publication.objects.create(
        entry=entry,
        version=version,
        community=entry.community,
        digest=version.digest,
        due_at=max(due_at or now, now),
        pinned=pinned,
        counts_clicks=counts_clicks,
        by=answering(by),
    )
    PublicationGroup.objects.bulk_create(
        PublicationGroup(publication=made, version=version, group=group) for group in groups
    )
    wanted = wanted_of(made, groups)
    plan_deliveries(wanted, community=made.community, origin=Origin(ORIGIN, str(made.pk)), at=now)
    details = {"entry": entry.pk, "version": version.number, "digest": version.digest, "groups": _ids(groups)}
    write_act(PUBLISH, by=by, subject_type="publication", subject_id=made.pk, details=details)
    return made


def wanted_of(publication: Publication, groups: Sequence[Group]) -> list[Wanted]:
    """What is to leave for a publication, one for each group; makes the short links where clicks are counted."""
    version = publication.version
    words, pictures, advert = words_of(version), pictures_of(version), is_advert(version)
    options = {"pictures": pictures} if pictures else {}
    return [
        Wanted(
            key=f"{publication.pk}:{group.pk}",
            action=Action.SEND,
            due_at=publication.due_at,
            group=group,
            words=with_short_links(words, publication, group) if publication.counts_clicks else words,
            options=options,
            content_hash=publication.digest,
            advert=advert,
            expires_at=publication.due_at + LATEST,
        )
        for group in groups
    ]


@transaction.atomic
def move_publication(publication: Publication, *, due_at: datetime, by: Holder) -> int:
    """Have what has not left go at another time (aware; a past one: now); how many deliveries."""
    return change_time(_locked(publication, by, Publication.State.GOING), due_at=due_at, by=by)


def change_time(found: Publication, *, due_at: datetime, by: Actor) -> int:
    """As `move_publication`, for one that is locked by somebody who is known to be allowed to."""
    now = timezone.now()
    found.due_at = max(due_at, now)
    waiting = deliveries_of(found).filter(state=Delivery.State.WAITING)
    accounts = set(waiting.filter(account__isnull=False).order_by().values_list("account", flat=True))
    moved = waiting.update(due_at=found.due_at, expires_at=found.due_at + LATEST, why="", held_by="")
    if not moved:
        raise QunyingError(_("Everything of it has left, or lies with somebody to be sent by hand."))
    found.save(update_fields=["due_at"])
    details = {"due": found.due_at.isoformat(), "deliveries": moved}
    write_act(MOVE, by=by, subject_type="publication", subject_id=found.pk, details=details)
    if found.due_at <= now:
        transaction.on_commit(lambda: wake(accounts))
    return moved


@transaction.atomic
def cancel_publication(publication: Publication, *, by: Holder) -> int:
    """Call off what has not left yet; how many deliveries. What is on its way at this moment still arrives."""
    found = _locked(publication, by, Publication.State.GOING)
    stopped = stop_deliveries([found], state=Delivery.State.CANCELLED)
    found.state, found.ended_at = Publication.State.CANCELLED, timezone.now()
    found.save(update_fields=["state", "ended_at"])
    details = {"deliveries": stopped}
    write_act(CANCEL, by=by, subject_type="publication", subject_id=found.pk, details=details)
    return stopped


@transaction.atomic
def publish_refused_again(publication: Publication, *, by: Holder) -> int:
    """Try once more what platforms refused, or what a guard held back for another reason than a lost approval.

    Nothing was done for these, so nothing arrives twice; how many.
    """
    found = _locked(publication, by, Publication.State.GOING, Publication.State.DONE)
    if approved_version(found.entry) != found.version:
        words = _("“%(entry)s” is not approved any more as it was published. Publish it anew once it is.")
        raise QunyingError(words % {"entry": found.entry.title})
    now = timezone.now()
    refused = again_in(found)
    accounts = set(refused.filter(account__isnull=False).order_by().values_list("account", flat=True))
    values = {"state": Delivery.State.WAITING, "due_at": now, "expires_at": now + LATEST, "ended_at": None}
    again = refused.update(**values, why="", held_by="", claimed_at=None)
    if not again:
        raise QunyingError(_("There is nothing of it to try again."))
    found.state, found.ended_at = Publication.State.GOING, None
    found.save(update_fields=["state", "ended_at"])
    details = {"deliveries": again}
    write_act(AGAIN, by=by, subject_type="publication", subject_id=found.pk, details=details)
    transaction.on_commit(lambda: wake(accounts))
    return again


def again_in(publication: Publication) -> QuerySet[Delivery]:
    """What of it can be tried again: refused by a platform, or held back by a guard."""
    refused = Q(state=Delivery.State.REFUSED, account__isnull=False) | Q(state=Delivery.State.HELD)
    return deliveries_of(publication).filter(refused)


def _locked(publication: Publication, by: Holder, *states: Publication.State) -> Publication:
    rows = Publication.objects.select_for_update(of=("self",))
    found = rows.select_related("community__unit", "entry__community__unit", "version").get(pk=publication.pk)
    _check_may(by, found.community)
    if found.state not in states:
        words = _("“%(entry)s” stands at “%(state)s” by now. Load the page again.")
        raise QunyingError(words % {"entry": found.entry.title, "state": found.get_state_display()})
    return found


def _check_groups(version: Version, groups: Sequence[Group], community: Community) -> None:
    if not groups:
        raise QunyingError(_("Choose at least one group."))
    if any(group.community_id != community.pk for group in groups):
        raise QunyingError(_("One of the groups belongs to another community."))
    taken = PublicationGroup.objects.filter(version=version, group__in=groups, stopped_at=None).select_related("group")
    names = [one.group.name for one in taken]
    if names:
        words = _("It went to %(groups)s already, or is about to. Choose other groups.")
        raise QunyingError(words % {"groups": "、".join(names)})


def _check_may(by: Holder, community: Community) -> None:
    if not may_publish(by, community):
        raise NotAllowedError(_("Your roles do not include sending in “%(unit)s”.") % {"unit": community.unit.name})


def _ids(groups: Sequence[Group]) -> list[int]:
    return sorted(group.pk for group in groups)
