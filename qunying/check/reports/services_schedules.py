"""Verbs on schedules of reports: set up, pause, go on, make the report of a period, send it."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.check.reports.grains import TITLES, span_title
from qunying.check.reports.models import MadeReport, ReportSchedule
from qunying.check.reports.schedules import path_of, span_to_make
from qunying.check.reports.services import export_report
from qunying.check.reports.spans import Grain, read_span
from qunying.ground.access.models import Staff
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.platforms.bulletins import notify
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.check.reports.spans import Span
    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community

SCHEDULE = declare_verb("reports.schedule", gettext_lazy("A report was scheduled."))
PAUSE = declare_verb("reports.pause", gettext_lazy("A scheduled report was paused."))
RESUME = declare_verb("reports.resume", gettext_lazy("A scheduled report goes on."))
MAKE = declare_verb("reports.make", gettext_lazy("A scheduled report was made."))
SEND = declare_verb("reports.send", gettext_lazy("A scheduled report was handed to the mail server."))

MOST_RECIPIENTS = 20
FORM_NAMES = {"html": "HTML", "pdf": "PDF", "docx": "Word", "xlsx": "Excel"}
_log = logging.getLogger(__name__)


@transaction.atomic
def schedule_report(  # noqa: PLR0913 - what a schedule is
    community: Community, *, grain: str, form: str, language: str, recipients: Sequence[str], by: Actor
) -> ReportSchedule:
    """Have the report of every week, month or quarter made, and sent to these addresses if there are any.

    Raises QunyingError for an unknown grain, form or language, and for what is no address.
    """
    if grain not in ReportSchedule.Grain.values or form not in FORM_NAMES or language not in dict(settings.LANGUAGES):
        raise QunyingError(_("Choose the period, the format and the language of the report from those offered."))
    schedule = ReportSchedule.objects.create(
        community=community,
        grain=grain,
        form=form,
        language=language,
        recipients=_checked(recipients),
        owner=by if isinstance(by, Staff) else None,
        since=timezone.now(),
    )
    details = {"grain": grain, "format": form, "language": language, "recipients": len(schedule.recipients)}
    write_act(SCHEDULE, by=by, subject_type="report_schedule", subject_id=schedule.pk, details=details)
    return schedule


def read_recipients(text: str) -> list[str]:
    """Addresses as people write them, with commas, semicolons, spaces or line ends between them."""
    for sign in ",;，；、\n\r\t":
        text = text.replace(sign, " ")
    return text.split()


def _checked(recipients: Sequence[str]) -> list[str]:
    addresses = list(dict.fromkeys(address.strip().lower() for address in recipients if address.strip()))
    for address in addresses:
        try:
            validate_email(address)
        except ValidationError:
            raise QunyingError(
                _("“%(address)s” is no e-mail address. Write it as name@example.com.") % {"address": address}
            ) from None
    if len(addresses) > MOST_RECIPIENTS:
        raise QunyingError(
            _("A report goes to at most %(most)s addresses. Use a mailing list for more.") % {"most": MOST_RECIPIENTS}
        )
    return addresses


@transaction.atomic
def pause_schedule(schedule: ReportSchedule, *, by: Actor) -> None:
    """Make no more reports until it goes on; raises QunyingError where it is paused already."""
    changed = ReportSchedule.objects.filter(pk=schedule.pk, paused_at__isnull=True).update(paused_at=timezone.now())
    _after_change(schedule, PAUSE, by=by, changed=changed, refusal=_("This schedule is paused already."))


@transaction.atomic
def resume_schedule(schedule: ReportSchedule, *, by: Actor) -> None:
    """Go on with the next period; what fell into the pause is not made up. Raises QunyingError where it runs."""
    paused = ReportSchedule.objects.filter(pk=schedule.pk, paused_at__isnull=False)
    changed = paused.update(paused_at=None, since=timezone.now())
    _after_change(schedule, RESUME, by=by, changed=changed, refusal=_("This schedule is running already."))


def _after_change(schedule: ReportSchedule, verb: str, *, by: Actor, changed: int, refusal: str) -> None:
    if not changed:
        raise QunyingError(refusal)
    schedule.refresh_from_db()
    write_act(verb, by=by, subject_type="report_schedule", subject_id=schedule.pk)


def make_scheduled(schedule: ReportSchedule, *, span: Span, by: Actor) -> MadeReport:
    """Make the report of this span, keep its file, and send it; a second call gives back what was made.

    It bears no names of members: it may leave the house. Where the file could not be made, the row says why, and
    the next call tries again. Where mail fails, the file is kept and the row says why.
    """
    made = MadeReport.objects.filter(schedule=schedule, period=span.name).first()
    if made is None or not made.size:
        made = _make(schedule, span, by=by)
    if made.mail == MadeReport.Mail.WAITING:
        send_made(made, by=by)
    return made


def make_latest(schedule: ReportSchedule, *, by: Actor) -> MadeReport:
    """Make the report of the newest period that has ended, as `make_scheduled` does."""
    return make_scheduled(schedule, span=span_to_make(schedule, now=timezone.now()), by=by)


def _make(schedule: ReportSchedule, span: Span, *, by: Actor) -> MadeReport:
    raw, error = b"", ""
    try:
        with translation.override(schedule.language):
            raw = export_report(schedule.community, span=span, form=schedule.form, by=by)
    except QunyingError as fault:
        error = str(fault)
    waiting = bool(raw and schedule.recipients)
    fields = {
        "community": schedule.community,
        "grain": schedule.grain,
        "form": schedule.form,
        "language": schedule.language,
        "size": len(raw),
        "made_at": timezone.now(),
        "error": error,
        "mail": MadeReport.Mail.WAITING if waiting else MadeReport.Mail.NONE,
        "mailed_to": schedule.recipients,
    }
    with transaction.atomic():
        made, _new = MadeReport.objects.update_or_create(schedule=schedule, period=span.name, defaults=fields)
        _keep(made, raw)
        details = {"period": span.name, "bytes": len(raw)}
        write_act(MAKE, by=by, subject_type="report_schedule", subject_id=schedule.pk, details=details)
        if raw:
            notify(schedule.community.unit, lambda: _told(schedule, span))
    return made


def _told(schedule: ReportSchedule, span: Span) -> str:
    names = {"community": schedule.community.name, "title": TITLES[Grain(schedule.grain)], "period": span_title(span)}
    return _("A report is ready: %(community)s, %(title)s, %(period)s.") % names


def _keep(made: MadeReport, raw: bytes) -> None:
    """The file lies where it belongs before the row that names it is committed."""
    path = path_of(made)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    scratch = path.with_name(f"{path.name}.coming")
    with scratch.open("wb") as out:
        out.write(raw)
        out.flush()
        os.fsync(out.fileno())
    scratch.replace(path)


def send_made(made: MadeReport, *, by: Actor) -> None:
    """Hand the report to the mail server, once, as soon as all this belongs to is committed.

    It is shown as sent only when the server has taken it. A fault is kept in words, and the file stays.
    """
    with transaction.atomic():
        free = MadeReport.objects.filter(pk=made.pk, mail__in=[MadeReport.Mail.WAITING, MadeReport.Mail.FAILED])
        if free.update(mail=MadeReport.Mail.WAITING, mail_error=""):
            made.mail, made.mail_error = MadeReport.Mail.WAITING, ""
            transaction.on_commit(lambda: _send(made, by=by))


def _send(made: MadeReport, *, by: Actor) -> None:
    """Whoever comes second finds it taken up and does nothing."""
    waiting = MadeReport.objects.filter(pk=made.pk, mail=MadeReport.Mail.WAITING)
    if not waiting.update(mail=MadeReport.Mail.UNKNOWN):
        return
    error = _handed_over(made)
    made.mail = MadeReport.Mail.FAILED if error else MadeReport.Mail.SENT
    made.mail_error = error
    with transaction.atomic():
        made.save(update_fields=["mail", "mail_error"])
        details = {"period": made.period, "recipients": len(made.mailed_to), "failed": bool(error)}
        write_act(SEND, by=by, subject_type="report_schedule", subject_id=made.schedule_id, details=details)


def _handed_over(made: MadeReport) -> str:
    """Nothing where the server took the mail; else one sentence that says what to do."""
    if not settings.EMAIL_HOST:
        return _("Mail is not set up on this installation: name a server in QUNYING_MAIL. The file is kept here.")
    try:
        with translation.override(made.language):
            _message(made).send()
    except OSError as fault:
        _log.warning("a report could not be sent: %s", fault)
        return _("The mail server did not take it: %(fault)s. The file is kept here; send it again later.") % {
            "fault": str(fault) or type(fault).__name__
        }
    return ""


def _message(made: MadeReport) -> EmailMessage:
    span = read_span(made.period)
    names = {
        "community": made.community.name,
        "title": TITLES[Grain(made.grain)],
        "period": span_title(span),
        "form": FORM_NAMES[made.form],
    }
    subject = " ".join((_("%(community)s: %(title)s, %(period)s") % names).split())
    body = _("The report is attached as a file (%(form)s).\n\nQunying sent it because a schedule asks for it.") % names
    mail = EmailMessage(subject, body, None, made.mailed_to)
    mail.attach(f"{made.community.slug}-{made.period}.{made.form}", path_of(made).read_bytes(), TYPES[made.form])
    return mail


TYPES = {
    "html": "text/html",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Ending of the file → its media type."""
