"""The guards of the house: what is asked before anything leaves, each with a sentence for people."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qunying.do.reach.measures import measures_of
from qunying.do.reach.models import Delivery
from qunying.do.reach.port import Guard, Verdict, is_approved, register_guard
from qunying.ground.members.models import Member
from qunying.ground.platforms.port import Action
from qunying.ground.privacy.models import Consent
from qunying.ground.privacy.own_purposes import MARKETING, PROFILING
from qunying.ground.privacy.queries import processed, willing
from qunying.kit.spoken import filled
from qunying.plan.compliance.marks import ADVERT_MARK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.utils.functional import _StrPromise

    from qunying.do.reach.models import Measure

PUSHED = frozenset({Action.SEND, Action.TELL, Action.POLL})
"""What comes unasked, and is therefore counted and kept out of the night. A welcome answers somebody who just came."""
WAY_OUT = "退订"
"""Who is sent adverts is told how to have no more of them (广告法 Art 43)."""
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)

Verdicts = dict[int, Verdict]


def approval(deliveries: Sequence[Delivery], _moment: datetime) -> Mapping[int, Verdict]:
    """Nobody approved exactly this content."""
    words = _("This content was not released, or was changed since. Have it released.")
    asked: dict[tuple[object, ...], bool] = {}
    found: Verdicts = {}
    for place, one in enumerate(deliveries):
        # What belongs to no sending may have been approved for one person alone, as tests are.
        person = one.identity_id if one.sending_id is None else None
        content = (one.origin, one.origin_id, one.content_hash, person)
        if content not in asked:
            asked[content] = is_approved(one)
        if not asked[content]:
            found[place] = Verdict("approval", words)
    return found


def lateness(deliveries: Sequence[Delivery], moment: datetime) -> Mapping[int, Verdict]:
    """It came too late to make sense."""
    words = _("It should have left earlier; now it would come too late.")
    late = (place for place, one in enumerate(deliveries) if one.expires_at is not None and one.expires_at < moment)
    return {place: Verdict("lateness", words) for place in late}


def persons(deliveries: Sequence[Delivery], _moment: datetime) -> Mapping[int, Verdict]:
    """The person was erased, or nothing may be done with what we hold of them."""
    members = _members(deliveries)
    free = set(processed(Member.objects.filter(pk__among=set(members.values()))).values_list("pk", flat=True))
    words = _("Nothing may be sent to this person: their data is frozen or erased.")
    return {place: Verdict("persons", words) for place, member in members.items() if member not in free}


def consent(deliveries: Sequence[Delivery], _moment: datetime) -> Mapping[int, Verdict]:
    """Adverts need a yes, and never go to the young; whoever refused to be picked by traits is not."""
    members = _members(deliveries)
    adverts = {place: pk for place, pk in members.items() if deliveries[place].advert}
    picked = {place: pk for place, pk in members.items() if deliveries[place].by_traits}
    words = _("This person has not agreed to offers and advertising, has taken it back, or is under 18.")
    found = {place: Verdict("consent", words) for place in _not_among(adverts, _willing(adverts))}
    refusing = _refusing(set(picked.values()))
    words = _("This person does not want to be picked by their traits.")
    return found | {place: Verdict("consent", words) for place, pk in picked.items() if pk in refusing}


def _willing(adverts: Mapping[int, int]) -> set[int]:
    asked = Member.objects.filter(pk__among=set(adverts.values()))
    return set(willing(asked, MARKETING.name).values_list("pk", flat=True)) if adverts else set()


def _refusing(members: set[int]) -> set[int]:
    """Those whose last word on being picked was no."""
    rows = Consent.objects.filter(
        Q(member__among=members) | Q(member__merged_into__among=members), purpose=PROFILING.name
    )
    last: dict[int, bool] = {}
    for own, merged, given in rows.order_by("at", "pk").values_list("member", "member__merged_into", "given"):
        last[merged or own] = given
    return {pk for pk, given in last.items() if not given}


def _not_among(members: Mapping[int, int], free: set[int]) -> list[int]:
    return [place for place, pk in members.items() if pk not in free]


def label(deliveries: Sequence[Delivery], _moment: datetime) -> Mapping[int, Verdict]:
    """Adverts say that they are, and tell a single person how to have no more of them."""
    unmarked = _("An advert carries the word 「广告」. Write it into the text.")
    no_way_out = _("An advert to one person says how to have no more of them (「退订」). Write it into the text.")
    found: Verdicts = {}
    for place, one in enumerate(deliveries):
        if one.advert and ADVERT_MARK not in one.words:
            found[place] = Verdict("label", unmarked)
        elif one.advert and one.action == Action.TELL and WAY_OUT not in one.words:
            found[place] = Verdict("label", no_way_out)
    return found


def frequency(deliveries: Sequence[Delivery], moment: datetime) -> Mapping[int, Verdict]:
    """The person or the group was sent enough already, on that local day or in the seven days up to it."""
    pushed = [(place, one) for place, one in enumerate(deliveries) if one.action in PUSHED]
    measures = measures_of({one.community_id: one.community for _place, one in pushed}.values())
    spent = _spent([one for _place, one in pushed], moment)
    found: Verdicts = {}
    for place, one in pushed:
        target = _target(one)
        most_day, most_week = _most(measures[one.community_id], person=one.identity_id is not None)
        since = _day_of(one, moment)
        times = spent.get(target, [])
        today, week = sum(at >= since for at in times), sum(at >= since + _DAY - _WEEK for at in times)
        if today >= most_day or week >= most_week:
            found[place] = Verdict("frequency", _enough(one, today=today, week=week))
        else:
            # Deliveries asked about together count for each other, too.
            spent.setdefault(target, []).append(max(moment, since))
    return found


def _enough(one: Delivery, *, today: int, week: int) -> _StrPromise:
    if one.identity_id is not None:
        return filled(_("This person was sent enough: %(day)d that day, %(week)d in seven days."), day=today, week=week)
    return filled(_("This group was sent enough: %(day)d that day, %(week)d in seven days."), day=today, week=week)


def _most(measure: Measure, *, person: bool) -> tuple[int, int]:
    return (measure.person_day, measure.person_week) if person else (measure.group_day, measure.group_week)


def _target(one: Delivery) -> tuple[str, int]:
    return ("person", one.identity.member_id) if one.identity is not None else ("group", one.group_id or 0)


def _day_of(one: Delivery, moment: datetime) -> datetime:
    """When the local day began on which it leaves."""
    local = max(moment, one.due_at).astimezone(ZoneInfo(one.community.timezone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _spent(deliveries: Sequence[Delivery], moment: datetime) -> dict[tuple[str, int], list[datetime]]:
    """When each person and group was sent something in the days that count. Two queries."""
    members = {one.identity.member_id for one in deliveries if one.identity is not None}
    groups = {one.group_id for one in deliveries if one.identity is None}
    sent = Delivery.objects.filter(state__in=Delivery.SPENT, action__in=PUSHED, due_at__gte=moment - _WEEK - _DAY)
    found: dict[tuple[str, int], list[datetime]] = {}
    to_people = sent.filter(identity__member__among=members).values_list("identity__member", "due_at", "claimed_at")
    to_groups = sent.filter(identity=None, group__among=groups).values_list("group", "due_at", "claimed_at")
    for name, rows in (("person", to_people), ("group", to_groups)):
        for pk, due_at, claimed_at in rows:
            found.setdefault((name, pk), []).append(claimed_at or due_at)
    return found


def quiet(deliveries: Sequence[Delivery], moment: datetime) -> Mapping[int, Verdict]:
    """It is night where the community lives: it waits until morning."""
    pushed = [(place, one) for place, one in enumerate(deliveries) if one.action in PUSHED]
    measures = measures_of({one.community_id: one.community for _place, one in pushed}.values())
    found: Verdicts = {}
    for place, one in pushed:
        until = quiet_until(measures[one.community_id], max(moment, one.due_at), ZoneInfo(one.community.timezone))
        if until is not None:
            words = filled(_("It would leave in the quiet hours; it waits until %(time)s."), time=f"{until:%H:%M}")
            found[place] = Verdict("quiet", words, until)
    return found


def quiet_until(measure: Measure, moment: datetime, zone: ZoneInfo) -> datetime | None:
    """When the quiet hours end in which this moment lies, in the zone; None where it lies in none."""
    local = moment.astimezone(zone)
    if not is_quiet(measure, local.hour):
        return None
    day = local.date() + (_DAY if local.hour >= measure.quiet_until else timedelta())
    return datetime(day.year, day.month, day.day, measure.quiet_until, tzinfo=zone)


def is_quiet(measure: Measure, hour: int) -> bool:
    """Whether this hour of the day is a quiet one."""
    start, end = measure.quiet_from, measure.quiet_until
    if start <= end:
        return start <= hour < end
    return hour >= start or hour < end


def pause(deliveries: Sequence[Delivery], moment: datetime) -> Mapping[int, Verdict]:
    """The account was paused: what waits leaves once it goes on."""
    words = _("The account “%(name)s” is paused.")
    return {
        place: Verdict("pause", filled(words, name=one.account.name), moment + timedelta(minutes=1))
        for place, one in enumerate(deliveries)
        if one.account is not None and one.account.paused_at is not None
    }


def _members(deliveries: Sequence[Delivery]) -> dict[int, int]:
    """The member of each delivery that goes to one person, by its place."""
    return {place: one.identity.member_id for place, one in enumerate(deliveries) if one.identity is not None}


def judge(deliveries: Sequence[Delivery], moment: datetime, *, only: Sequence[Guard]) -> list[Verdict | None]:
    """The first verdict on each delivery that holds it back, else the one that makes it wait longest, else None."""
    found: list[Verdict | None] = [None] * len(deliveries)
    for guard in only:
        open_now = [place for place, one in enumerate(found) if one is None or one.until is not None]
        for place, verdict in guard.check([deliveries[place] for place in open_now], moment).items():
            before = found[open_now[place]]
            if before is None or verdict.until is None or (before.until and verdict.until > before.until):
                found[open_now[place]] = verdict
    return found


def held_counts(verdicts: Sequence[Verdict | None]) -> list[tuple[str, str, int]]:
    """How many are held back for each reason, the most frequent first: guard, sentence, count."""
    counted = Counter((one.guard, str(one.words)) for one in verdicts if one is not None and one.until is None)
    return [(guard, words, count) for (guard, words), count in counted.most_common()]


def register_guards() -> None:
    """Make the guards of the house known, in their order."""
    register_guard(Guard("approval", _("Released content"), approval))
    register_guard(Guard("lateness", _("Not too late"), lateness))
    register_guard(Guard("persons", _("Frozen or erased people"), persons, standing=True))
    register_guard(Guard("consent", _("Consent and opting out"), consent, standing=True))
    register_guard(Guard("label", _("Mark on adverts"), label))
    register_guard(Guard("frequency", _("Not too often"), frequency))
    register_guard(Guard("quiet", _("Quiet hours"), quiet))
    register_guard(Guard("pause", _("Paused accounts"), pause))
