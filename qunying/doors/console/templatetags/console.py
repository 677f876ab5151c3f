"""Tags and filters that pages of the console share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from qunying.doors.console.menu import menu_for
from qunying.kit import formats

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.forms.boundfield import BoundField
    from django.template.context import Context
    from django.utils.safestring import SafeString as Safe

register = template.Library()

register.filter("whole", formats.whole)
register.filter("percent", formats.percent)
register.filter("money", formats.money)


@register.filter
def round1(number: float | None) -> float | None:
    """The number with at most one decimal."""
    return None if number is None else round(number, 1)


@register.filter
def short(number: float | None) -> Safe:
    """1.2万 with the exact number on hover."""
    return format_html('<span class="num" title="{}">{}</span>', formats.whole(number), formats.short(number))


@register.filter
def short_money(minor: float | None, currency: str) -> Safe:
    """Money on a card with the exact sum on hover."""
    return format_html(
        '<span class="num" title="{}">{}</span>', formats.money(minor, currency), formats.short_money(minor, currency)
    )


@register.filter
def day(value: date) -> str:
    """2026年3月2日 周一."""
    return formats.day(value)


@register.filter
def day_only(value: date) -> str:
    """2026年3月2日, without the weekday: for a narrow column."""
    return formats.day(value, weekday=False)


@register.filter
def control(field: BoundField) -> Safe:
    """A field of a form, its list of choices drawn as every other of the console is."""
    widget = field.field.widget
    if getattr(widget, "input_type", "") != "select":
        return field.as_widget()
    css = f"{widget.attrs.get('class', '')} form-select".strip()
    return field.as_widget(attrs={"class": css})


@register.filter
def moment(value: datetime) -> str:
    """2026年3月2日 14:05, in the zone the value carries."""
    return formats.moment(value)


@register.simple_tag
def icon(name: str, extra: str = "") -> Safe:
    """A line drawing of Tabler's (listed in assets/icons.txt); decoration only, a word must stand beside it."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        extra,
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def page_title(context: Context) -> str:
    """What the page put into its block `title`, for the heading."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block("title") if blocks else None
    return block.render(context) if block else ""


@register.inclusion_tag("console/parts/menu.html", takes_context=True)
def left_menu(context: Context) -> dict[str, Any]:
    """The menu as this person sees it, with this page marked."""
    community = context.get("community")
    slug = community.slug if community else str(context.get("last_slug") or "")
    request = context["request"]
    return {"sections": menu_for(context["held"], slug=slug, path=request.path, query=request.GET)}


@register.simple_tag
def sparkline(values: list[float | None], tone: str = "") -> Safe:
    """A tiny line of the values in a box of 100 × 28; decoration beside its number."""
    drawn = [value for value in values if value is not None]
    if len(drawn) < 2:  # noqa: PLR2004 - a line needs two points
        return mark_safe("")
    low, high = min(drawn), max(drawn)
    step = 100 / (len(drawn) - 1)
    spots = " ".join(
        f"{place * step:.1f},{26 - 24 * (value - low) / ((high - low) or 1):.1f}" for place, value in enumerate(drawn)
    )
    return format_html(
        '<svg class="sparkline {}" viewBox="0 0 100 28" preserveAspectRatio="none" aria-hidden="true">'
        '<polyline points="{}" fill="none" vector-effect="non-scaling-stroke"/></svg>',
        tone,
        spots,
    )


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: Any) -> str:
    """The query of this page with some parameters changed (None or '' drops one), starting with '?'."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def query_ordered(context: Context, order: str, parameter: str = "") -> str:
    """The query of this page with its first page in another order."""
    return query_with(context, **{parameter or "order": order, "page": "", "undo": ""})
