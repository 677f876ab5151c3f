"""A program on this machine that listens."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from qunying.ground.webhooks.services import create_endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.webhooks.models import Endpoint
    from tests.support.cast import Units


@dataclass
class Listener:
    """What came, and what is answered to it."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def listener(settings: SettingsWrapper) -> Iterator[Listener]:
    """Answers 204, or what stands in `answers`, one after the other."""
    settings.WEBHOOKS_LOCAL = True
    heard = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            heard.came.append(({name.lower(): value for name, value in self.headers.items()}, body))
            status = heard.answers.pop(0) if heard.answers else 204
            self.send_response(status)
            if status == 302:
                self.send_header("Location", heard.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_given: object) -> None:
            """Stay silent."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    heard.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield heard
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def made(director: Staff, units: Units, listener: Listener) -> tuple[Endpoint, str]:
    """An endpoint of 花店一店 that hears messages, and its secret."""
    return create_endpoint("收银台", url=listener.url, kinds=["spoke"], unit=units.shop, by=director)


@pytest.fixture
def endpoint(made: tuple[Endpoint, str]) -> Endpoint:
    """The endpoint alone."""
    return made[0]
