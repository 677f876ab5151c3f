"""Materials that end stand on Today."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from qunying.plan.materials.todos import material_todos
from tests.support.materials import make_picture

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 6)


def test_what_ends_within_two_weeks_is_told_to_writers(
    community: Community, specialist: Staff, outsider: Staff
) -> None:
    for name, until in (("近", date(2026, 3, 20)), ("远", date(2026, 3, 21)), ("过", date(2026, 3, 1)), ("久", None)):
        make_picture(community, name, until=until)
    told = [(one.due, one.args["slug"]) for one in material_todos(specialist, TODAY)]
    assert told == [(date(2026, 3, 1), "flowers"), (date(2026, 3, 20), "flowers")]
    assert list(material_todos(outsider, TODAY)) == []
