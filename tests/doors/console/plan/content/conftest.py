"""The same drafts and reviewers as the app's own tests."""

from __future__ import annotations

from tests.plan.content.conftest import draft_entry, handed_in, second

__all__ = ["draft_entry", "handed_in", "second"]
