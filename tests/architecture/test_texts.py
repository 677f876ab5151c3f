"""Both languages are whole: every text has its Chinese, and no catalogue is half-done."""

from __future__ import annotations

from tools.messages import faults


def test_every_text_is_translated_and_none_is_fuzzy() -> None:
    assert faults() == []
