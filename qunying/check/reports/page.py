"""The report as one HTML file that needs nothing else: styles and pictures are inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from qunying.check.reports.logo import logo_address
from qunying.check.reports.look import style_sheet

if TYPE_CHECKING:
    from qunying.check.reports.blocks import Sheet

_PAGE = """<!doctype html>
<html lang="{}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>{} · {} · {}</title>
<style>
{}
</style>
</head>
<body class="report-page">
{}
</body>
</html>
"""


def as_html(sheet: Sheet) -> bytes:
    """The whole file in UTF-8; it loads nothing from anywhere and runs no script."""
    # Both style sheets are ours; they stand in an element where HTML knows no escapes.
    styles = mark_safe(f"{style_sheet('tokens.css')}\n{style_sheet('report.css')}")  # noqa: S308
    body = render_to_string("reports/report.html", {"sheet": sheet, "alone": True, "logo": logo_address(sheet.unit)})
    return format_html(_PAGE, sheet.language, sheet.community, sheet.title, sheet.period, styles, body).encode()
