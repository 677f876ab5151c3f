"""Who may answer people who ask to be let in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.do.admission.rules import check_may_admit, may_admit
from qunying.kit.errors import NotAllowedError
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db


def test_who_looks_after_members_may_let_people_in(
    director: Staff, lead: Staff, specialist: Staff, reviewer: Staff, outsider: Staff, community: Community
) -> None:
    may = [may_admit(one, community) for one in (director, lead, specialist, reviewer, outsider)]
    assert may == [True, True, True, False, False]
    check_may_admit(TESTS, community)
    with pytest.raises(NotAllowedError):
        check_may_admit(reviewer, community)
