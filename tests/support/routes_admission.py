"""Routes of the pages on people who ask to be let in, and somebody who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from qunying.do.admission.models import Applicant
from qunying.do.admission.services import note_applicant
from qunying.ground.groups.joining import JoinRequest
from qunying.ground.members.services import Who

if TYPE_CHECKING:
    from qunying.ground.groups.models import Group

ADMISSION_ROUTES: dict[str, tuple[str, dict[str, str], str]] = {
    "applicants": ("get", {}, "200 200 200 403 200 enter"),
    "applicant_admit": ("post", {"pk": "applicant"}, "302 302 302 403 404 enter"),
    "applicant_turn_away": ("post", {"pk": "applicant"}, "302 302 302 403 404 enter"),
    "applicant_settle": ("post", {"pk": "applicant"}, "302 302 302 403 404 enter"),
}
"""Route → method, what its address names, and the answers, as in the test of permissions."""


def admission_things(group: Group) -> dict[str, int]:
    """Somebody who asks to be let into the group."""
    note_applicant(JoinRequest(group, Who(group.platform, "xiaoli", "小丽"), "r1", timezone.now(), "想学插花"))
    return {"applicant": Applicant.objects.get(name="r1").pk}
