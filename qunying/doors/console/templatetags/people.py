"""Filters of the pages of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from qunying.kit import formats

if TYPE_CHECKING:
    from datetime import date

register = template.Library()


@register.filter
def short_day(value: date) -> str:
    """2026年3月2日, without the weekday."""
    return formats.day(value, weekday=False)
