"""Text that is written in both languages in one file: {zh: …, en: …}, or the same in both."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

LANGUAGES = ("zh", "en")


def say(text: Any) -> str:
    """The text in the reader's language, or in the other where it is written in one only; '' for nothing."""
    if isinstance(text, dict):
        first, second = LANGUAGES if (get_language() or "").startswith("zh") else reversed(LANGUAGES)
        return str(text.get(first) or text.get(second) or "").strip()
    return "" if text is None else str(text).strip()


def said(text: Any, words: str) -> Any:
    """The text with `words` in the reader's language, the other language as it was."""
    if not isinstance(text, dict):
        return words
    return {**text, "zh" if (get_language() or "").startswith("zh") else "en": words}


def in_both(chinese: str, english: str) -> dict[str, str]:
    """The text as a file has it that is written in both languages; without English ones, the Chinese words alone."""
    return {"zh": chinese} | ({"en": english} if english else {})
