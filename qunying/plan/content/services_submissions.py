"""Verbs on what members send in: open and close a call, take a submission, accept or decline it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.access.models import Staff
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.members.sealing import keys_now
from qunying.kit.crypto import decrypt, encrypt
from qunying.kit.errors import QunyingError
from qunying.plan.content.models import Call, Entry, Form, Submission, SubmissionPicture
from qunying.plan.content.services import Draft, Planned, Shown, propose_entry, write_version
from qunying.plan.materials.services_pictures import MOST_BYTES, keep_picture

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member
    from qunying.plan.content.models import Theme

OPEN = declare_verb("content.open_call", gettext_lazy("A page for sending things in was opened."))
CLOSE = declare_verb("content.close_call", gettext_lazy("A page for sending things in was closed."))
TAKE = declare_verb("content.take_submission", gettext_lazy("Something that a member sent in was taken in."))
ACCEPT = declare_verb("content.accept_submission", gettext_lazy("What a member sent in became an entry."))
DECLINE = declare_verb("content.decline_submission", gettext_lazy("What a member sent in was declined."))
LOOK = declare_verb("content.look_at_contact", gettext_lazy("How to reach a sender was looked at."))

CONSENT = "2026-11"
"""The wording on the page and in the API's description to which people agree now."""
MOST_PICTURES = 6
MOST_WORDS = 5_000
MOST_WAITING = 500
"""Submissions of a community that may wait at once: nobody fills the list with a program."""
_CODE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sends in; `pictures` are (name, bytes). `agreed` says that it may be used as the wording says."""

    name: str
    right: str
    agreed: bool
    words: str = ""
    contact: str = ""
    pictures: tuple[tuple[str, bytes], ...] = field(default=())


@transaction.atomic
def open_call(title: str, *, community: Community, by: Actor, theme: Theme | None = None, words: str = "") -> Call:
    """Open a page by which members send things in; QunyingError for a title left empty or too long."""
    title, words = " ".join(title.split()), words.strip()
    if not title or len(title) > Call.TITLE_LENGTH or len(words) > Call.WORDS_LENGTH:
        given = {"title": Call.TITLE_LENGTH, "words": Call.WORDS_LENGTH}
        raise QunyingError(_("Give it a title of up to %(title)d characters, and say in up to %(words)d more.") % given)
    if theme is not None and theme.community_id != community.pk:
        raise QunyingError(_("The theme belongs to another community."))
    code = secrets.token_urlsafe(_CODE_BYTES)
    call = Call.objects.create(community=community, theme=theme, title=title, words=words, code=code)
    write_act(OPEN, by=by, subject_type="call", subject_id=call.pk, details={"community": community.pk})
    return call


@transaction.atomic
def close_call(call: Call, *, by: Actor) -> Call:
    """Close the page: the link says so from now on; what was sent in stays. QunyingError where it is closed."""
    call = Call.objects.select_for_update().get(pk=call.pk)
    if call.closed_at is not None:
        raise QunyingError(_("“%(call)s” is closed already.") % {"call": call.title})
    call.closed_at = timezone.now()
    call.save(update_fields=["closed_at"])
    write_act(CLOSE, by=by, subject_type="call", subject_id=call.pk)
    return call


@transaction.atomic
def take_submission(  # noqa: PLR0913 - what a submission is
    sent: Sent,
    *,
    community: Community,
    by: Actor,
    call: Call | None = None,
    theme: Theme | None = None,
    member: Member | None = None,
) -> Submission:
    """Take in what somebody sends: all of it is kept, or nothing, with a sentence saying what to change.

    Raises QunyingError where consent, name or anything to show is missing, for a picture that is none, for a call
    that is closed, and where too many wait.
    """
    _check_sent(sent, call)
    _check_room(community)
    submission = Submission(
        community=community,
        theme=call.theme if call else theme,
        call=call,
        member=member,
        name=" ".join(sent.name.split()),
        words=sent.words.replace("\r\n", "\n").strip(),
        right=Submission.Right(sent.right),
        consent=CONSENT,
        code=secrets.token_urlsafe(_CODE_BYTES),
    )
    submission.save()
    if sent.contact.strip():
        submission.sealed = _seal(submission, sent.contact.strip())
        submission.save(update_fields=["sealed"])
    _keep_pictures(submission, sent.pictures, by)
    details = {"community": community.pk, "pictures": len(sent.pictures)}
    write_act(TAKE, by=by, subject_type="submission", subject_id=submission.pk, details=details)
    return submission


@transaction.atomic
def accept_submission(submission: Submission, *, title: str, by: Actor, thanks: str = "") -> Entry:
    """Make an entry of it, as a draft with its pictures and their licence; the sender reads `thanks` on their page.

    Whoever accepts it stands as the one who wrote the version, so two others review it. QunyingError where it was
    decided already.
    """
    submission = _waiting(submission)
    planned = Planned(theme=submission.theme, source=Entry.Source.MEMBER)
    pictures = list(submission.pictures.select_related("file"))
    form = Form.IMAGE if pictures else Form.TEXT
    entry = propose_entry(title, community=submission.community, form=form, planned=planned, by=by)
    licence = _("Sent in by %(name)s, agreed to its use here (%(consent)s)") % {
        "name": submission.name,
        "consent": submission.consent,
    }
    shown = tuple(Shown(one.file, licence=licence) for one in pictures)
    write_version(entry, draft=Draft(title, form=form, words=submission.words, pictures=shown), by=by)
    entry.refresh_from_db()
    submission.entry = entry
    _decide(submission, Submission.State.ACCEPTED, thanks or thanks_for(submission), by)
    write_act(ACCEPT, by=by, subject_type="submission", subject_id=submission.pk, details={"entry": entry.pk})
    return entry


@transaction.atomic
def decline_submission(submission: Submission, *, reason: str, by: Actor) -> Submission:
    """Decline it with a sentence that the sender reads; QunyingError without one, or where it was decided already."""
    if not reason.strip():
        raise QunyingError(_("Write the sender a kind sentence about why."))
    submission = _waiting(submission)
    _decide(submission, Submission.State.DECLINED, reason, by)
    write_act(DECLINE, by=by, subject_type="submission", subject_id=submission.pk)
    return submission


@transaction.atomic
def look_at_contact(submission: Submission, *, by: Actor) -> str:
    """How to reach the sender, in plain; that it was looked at is written down."""
    write_act(LOOK, by=by, subject_type="submission", subject_id=submission.pk)
    return contact_of(submission)


def thanks_for(submission: Submission) -> str:
    """The thanks a sender reads where nobody wrote others."""
    given = {"name": submission.name, "community": submission.community.name}
    return _("Thank you, %(name)s! We have taken what you sent in and are preparing it for “%(community)s”.") % given


def contact_of(submission: Submission) -> str:
    """How to reach the sender; '' where they did not say. Only masking and the audited look may ask for it."""
    sealed = bytes(submission.sealed)
    return decrypt(keys_now(), sealed, bound_to=f"submission:{submission.pk}") if sealed else ""


def renewed(submission: Submission) -> dict[str, bytes]:
    """The contact sealed anew with the current key."""
    return {"sealed": _seal(submission, contact_of(submission))}


def _seal(submission: Submission, contact: str) -> bytes:
    return encrypt(keys_now(), contact, bound_to=f"submission:{submission.pk}")


def _check_sent(sent: Sent, call: Call | None) -> None:
    """Raise QunyingError for the first thing that is missing or too much, in the order of the page."""
    if call is not None and call.closed_at is not None:
        raise QunyingError(_("This page takes nothing more. Ask the team for a new link."))
    if not sent.name.strip() or len(sent.name.strip()) > Submission.NAME_LENGTH:
        most = {"most": Submission.NAME_LENGTH}
        raise QunyingError(_("Tell us what to call you, in up to %(most)d characters.") % most)
    if len(sent.contact.strip()) > Submission.CONTACT_LENGTH:
        raise QunyingError(_("The contact has more than %(most)d characters.") % {"most": Submission.CONTACT_LENGTH})
    if not sent.words.strip() and not sent.pictures:
        raise QunyingError(_("Write something, or add a picture."))
    if len(sent.words) > MOST_WORDS:
        raise QunyingError(_("It has more than %(most)d characters. Shorten it.") % {"most": MOST_WORDS})
    if len(sent.pictures) > MOST_PICTURES:
        raise QunyingError(_("At most %(most)d pictures come with it. Take some away.") % {"most": MOST_PICTURES})
    if any(len(raw) > MOST_BYTES for _name, raw in sent.pictures):
        raise QunyingError(_("A picture is larger than 10 MB. Make it smaller."))
    if sent.right not in Submission.Right.values:
        raise QunyingError(_("Say whether you made it yourself."))
    if not sent.agreed:
        raise QunyingError(_("Without your agreement we may not use it. Tick the box, if you agree."))


def _check_room(community: Community) -> None:
    waiting = Submission.objects.filter(community=community, state=Submission.State.WAITING).count()
    if waiting >= MOST_WAITING:
        sentence = _("So much has been sent in that the team has to read first. Please come back in a few days.")
        raise QunyingError(sentence)


def _keep_pictures(submission: Submission, pictures: Iterable[tuple[str, bytes]], by: Actor) -> None:
    unit = submission.community.unit
    for place, (name, raw) in enumerate(pictures, start=1):
        stored = keep_picture(raw, name=name, unit=unit, by=by)
        SubmissionPicture.objects.create(submission=submission, place=place, file=stored)


def _waiting(submission: Submission) -> Submission:
    found = Submission.objects.select_for_update(of=("self",)).select_related("community__unit", "theme")
    submission = found.get(pk=submission.pk)
    if submission.state != Submission.State.WAITING:
        raise QunyingError(_("Somebody has decided about this already."))
    return submission


def _decide(submission: Submission, state: str, answer: str, by: Actor) -> None:
    answer = answer.strip()
    if len(answer) > Submission.REASON_LENGTH:
        raise QunyingError(_("The answer has more than %(most)d characters.") % {"most": Submission.REASON_LENGTH})
    submission.state, submission.answer, submission.decided_at = state, answer, timezone.now()
    submission.decided_by = by if isinstance(by, Staff) else None
    submission.save(update_fields=["state", "answer", "decided_at", "decided_by", "entry"])
