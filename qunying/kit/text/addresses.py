"""Addresses of the web: how one begins, and where one stands in running text."""

from __future__ import annotations

import re

WEB = ("https://", "http://")
"""How an address begins that every browser opens."""
OPENED = (*WEB, "weixin://", "#小程序://")
"""The same, and those that WeChat opens: its own, and links of mini programs."""
IN_TEXT = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", re.IGNORECASE)
"""An address in running text: it ends where something else than an address may hold begins."""
_TRAILING = ".,;:!?)'"


def is_address(text: str, *, beginnings: tuple[str, ...] = WEB) -> bool:
    """Whether this is one address without a space in it, with one of these beginnings and something after it."""
    lowered = text.lower()
    return any(lowered.startswith(one) and len(text) > len(one) for one in beginnings) and not _has_space(text)


def without_trailing(text: str) -> str:
    """An address found in a sentence without the marks that end the sentence."""
    return text.rstrip(_TRAILING)


def _has_space(text: str) -> bool:
    return any(letter.isspace() for letter in text)
