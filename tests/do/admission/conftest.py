"""A QQ group with a robot that is an administrator, and 小美 who asks to be let in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.do.admission.models import Applicant
from tests.connectors.qq.conftest import Shop, account, platform, shop
from tests.support.qq import now

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["account", "platform", "shop"]


@pytest.fixture
def ask(shop: Shop) -> Callable[..., Applicant]:
    """Have somebody ask; the row that QQ's event makes."""
    shop.platform.chats[shop.id].role = "admin"

    def _ask(member: str = "XIAOLI", name: str = "r1", **more: object) -> Applicant:
        answers = [{"question": "从哪里知道我们的？", "answer": "花市"}]
        told: dict[str, object] = {"join_request_id": name, "member_openid": member, "username": "小丽"}
        told |= {"verify_info": {"verify_message": "想学插花", "review_qa_list": answers}, "apply_at": now(), **more}
        shop.platform.chats[shop.id].waiting.append(told)
        shop.hear(shop.platform.event("GROUP_JOIN_REQUEST", {**told, "group_openid": shop.id, "timestamp": now()}))
        return Applicant.objects.get(name=name)

    return _ask
