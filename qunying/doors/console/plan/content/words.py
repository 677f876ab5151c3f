"""The words that pages of content use for its choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import pgettext_lazy

from qunying.plan.content.models import Entry, Form, Review

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

STATES: dict[str, _StrPromise] = {
    Entry.State.TOPIC: pgettext_lazy("entry", "Topic"),
    Entry.State.DRAFT: pgettext_lazy("entry", "Draft"),
    Entry.State.FIRST: pgettext_lazy("entry", "First review"),
    Entry.State.SECOND: pgettext_lazy("entry", "Second review"),
    Entry.State.APPROVED: pgettext_lazy("entry", "Approved"),
    Entry.State.SENT_BACK: pgettext_lazy("entry", "Sent back"),
    Entry.State.DROPPED: pgettext_lazy("entry", "Dropped"),
}
LOOKS: dict[str, tuple[str, str]] = {
    Entry.State.TOPIC: ("status-open", "bulb"),
    Entry.State.DRAFT: ("status-open", "pencil"),
    Entry.State.FIRST: ("status-fair", "eye"),
    Entry.State.SECOND: ("status-fair", "eye"),
    Entry.State.APPROVED: ("status-good", "circle-check"),
    Entry.State.SENT_BACK: ("status-bad", "rotate"),
    Entry.State.DROPPED: ("status-open", "x"),
}
"""State → (style, icon)."""
FORMS: dict[str, _StrPromise] = {
    Form.TEXT: pgettext_lazy("form of content", "Text"),
    Form.IMAGE: pgettext_lazy("form of content", "Pictures"),
    Form.VIDEO: pgettext_lazy("form of content", "Video"),
    Form.AUDIO: pgettext_lazy("form of content", "Audio"),
    Form.LIVE: pgettext_lazy("form of content", "Live"),
    Form.H5: pgettext_lazy("form of content", "Web page"),
}
SOURCES: dict[str, _StrPromise] = {
    Entry.Source.OWN: pgettext_lazy("source of content", "Own team"),
    Entry.Source.MEMBER: pgettext_lazy("source of content", "Member"),
    Entry.Source.PARTNER: pgettext_lazy("source of content", "Partner"),
}
STEPS: dict[str, _StrPromise] = {
    Review.Step.FIRST: pgettext_lazy("entry", "First review"),
    Review.Step.SECOND: pgettext_lazy("entry", "Second review"),
}
