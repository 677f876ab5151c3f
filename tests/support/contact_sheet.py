"""All pictures the browser tests took, on one sheet: artifacts/screens/contact-sheet.png."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

NAME = "contact-sheet"
_STYLE = (
    "body{margin:12px;background:#777;font:12px sans-serif;color:#fff;display:flex;flex-wrap:wrap;gap:12px}"
    "figure{margin:0}img{display:block;height:420px;max-width:760px;object-fit:cover;object-position:top left}"
)


def lay_out(browser: Browser, folder: Path) -> None:
    """Put every picture of the folder, by name, onto one sheet; nothing happens where there are none."""
    pictures = sorted(path for path in folder.glob("*.png") if path.stem != NAME)
    if not pictures:
        return
    cells = "".join(
        f'<figure><img src="{escape(path.name)}"><figcaption>{escape(path.stem)}</figcaption></figure>'
        for path in pictures
    )
    sheet = folder / f"{NAME}.html"
    sheet.write_text(f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style>{cells}", encoding="utf-8")
    page = browser.new_page(viewport={"width": 1900, "height": 1000})
    page.goto(sheet.as_uri())
    page.screenshot(path=folder / f"{NAME}.png", full_page=True)
    page.close()
