"""A worker that dies while it reads the history of a room: nothing is lost, nothing doubled."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from qunying.connectors.matrix.connector import MatrixConnector
from qunying.connectors.matrix.tasks import accept
from tests.connectors.matrix.conftest import OWN, Stage, account, stage
from tests.crash.conftest import KILLED

if TYPE_CHECKING:
    from qunying.ground.platforms.models import Account
    from tests.crash.conftest import Installation

__all__ = ["account", "stage"]
MESSAGES = 250


@pytest.mark.long
@pytest.mark.django_db
def test_history_goes_on_where_a_killed_worker_left_it(
    installation: Installation, stage: Stage, account: Account
) -> None:
    room = stage.mei.open_room("长谈", OWN)
    MatrixConnector().check(account)
    accept(account.pk, room)
    for number in range(MESSAGES):
        stage.mei.say(room, f"第{number}枝")
    slug = installation.community()
    job = installation.must("matrix", slug, json.dumps(account.settings | stage.handed.secrets | {"room": room}))

    for point, page in (("before_commit", 2), ("after_commit", 1)):
        assert installation.run(point, page, "steps", job).code == KILLED
        installation.must("free")  # a minute later
    installation.must("steps", job)
    told = installation.count(slug)
    assert (told["kinds"]["spoke"], told["doubled"]) == (MESSAGES, 0)
