"""The words that pages of goals use for its choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunying.plan.goals.models import Goal

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

DIMENSIONS: dict[str, _StrPromise] = {
    Goal.Dimension.USER: pgettext_lazy("dimension", "Members"),
    Goal.Dimension.CONTENT: pgettext_lazy("dimension", "Content"),
    Goal.Dimension.INTERACTION: pgettext_lazy("dimension", "Interaction"),
    Goal.Dimension.BUSINESS: pgettext_lazy("dimension", "Business"),
    Goal.Dimension.BRAND: pgettext_lazy("dimension", "Brand"),
}
TERMS: dict[str, _StrPromise] = {
    Goal.Term.LONG: _("Long term, revised quarterly"),
    Goal.Term.MIDDLE: _("Middle term, revised monthly"),
    Goal.Term.SHORT: _("Short term, revised weekly"),
}
SHORT_TERMS: dict[str, _StrPromise] = {
    Goal.Term.LONG: pgettext_lazy("term", "Long term"),
    Goal.Term.MIDDLE: pgettext_lazy("term", "Middle term"),
    Goal.Term.SHORT: pgettext_lazy("term", "Short term"),
}
HORIZONS: dict[str, _StrPromise] = {
    Goal.Horizon.YEAR: pgettext_lazy("span of a goal", "Year"),
    Goal.Horizon.QUARTER: pgettext_lazy("span of a goal", "Quarter"),
    Goal.Horizon.MONTH: pgettext_lazy("span of a goal", "Month"),
    Goal.Horizon.WEEK: pgettext_lazy("span of a goal", "Week"),
}
DIRECTIONS: dict[str, _StrPromise] = {
    Goal.Direction.UP: _("At least the target: more is better"),
    Goal.Direction.DOWN: _("At most the target: less is better"),
}
