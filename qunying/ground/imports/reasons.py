"""Why rows are not taken in, as codes with a sentence in each language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

if TYPE_CHECKING:
    from collections.abc import Mapping

REASONS = {
    "unreadable_row": _("The row cannot be read: perhaps a quotation mark is never closed."),
    "too_many_cells": _(
        "The row has more cells than the header: perhaps a comma stands in a text without quotation marks."
    ),
    "broken_text": _("The text holds bytes that do not belong to the file's encoding."),
    "not_json": _("The line is not a JSON object."),
    "empty_cell": _("A needed value is empty."),
    "bad_time": _("This is not a time. Write one such as 2024-05-01T10:30:00+08:00."),
    "absurd_time": _("This cannot be when it happened: it lies before 1970 or in the future."),
    "bad_amount": _("This is not an amount in %(currency)s, or it has more decimals than %(currency)s has."),
    "bad_number": _("This is not a number."),
    "bad_role": _("This is not a role. Write owner, admin, active or member."),
    "bad_phone": _("This is not a telephone number."),
    "bad_email": _("This is not an e-mail address."),
    "bad_birthday": _("This is not a birthday. Write one such as 1990-05-23."),
    "bad_private": _("The value is longer than 300 characters."),
    "bad_consent": _("This says neither yes nor no. Write 是 or 否."),
    "bad_tag": _("A tag may have at most 80 characters."),
    "too_long": _("The value is longer than %(most)s characters."),
    "no_platform": _("The row names no platform, and none was set for the import."),
    "left_first": _("The time of leaving lies before the time of joining."),
    "unknown_status": _(
        "This order status is not known. Set the options “paid”, “unpaid” or “refunded” to the words your file uses."
    ),
    "unknown_kind": _("There is no kind of fact of this name."),
    "bad_payload": _("The payload is not a JSON object with the fields of this kind."),
    "amount_needed": _("Facts of this kind carry an amount, and this one has none."),
    "amount_unwanted": _("Facts of this kind carry no amount."),
    "not_a_line": _("The line is not one of this chat format."),
    "no_time": _("No time is known for this line: it stands before the first line with a time."),
    "bad_message": _("The message lacks a time or a sender."),
    "bad_xml": _("The file stops being readable XML here; nothing after it was read."),
    "no_sender": _("The row does not say who sent the message."),
    "no_buyer": _("The row names no buyer: neither an id nor a telephone number nor a name."),
    "bad_figure": _("This is not a figure such as 1234, 1.2万, 35%% or 1分20秒."),
    "bad_id": _("The id is missing or not a number."),
}
"""Code → sentence; `Rejection.params` fill it in."""


def reason_text(code: str, params: Mapping[str, Any], *, language: str) -> str:
    """The sentence of a reason in one language."""
    with override(language):
        return str(REASONS[code]) % dict(params)
