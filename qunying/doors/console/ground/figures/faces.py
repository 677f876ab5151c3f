"""The people behind a number as a list shows them: a name, and where their page is."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from qunying.ground.members.models import Member


def faces_of(members: list[int]) -> list[dict[str, Any]]:
    """For each of these members (ids), in their order: the member and the address of their page. One query."""
    known = Member.objects.in_bulk(members)
    return [{"member": known[pk], "address": reverse("member", args=(pk,))} for pk in members if pk in known]
