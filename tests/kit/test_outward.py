"""The guard against being led inside."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from qunying.kit.errors import QunyingError
from qunying.kit.outward import check_address, post, reach


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "https://",
        "https://user:pass@example.com/",
        "https://example.com/#part",
        "https://example.com:99999/",
        "https://exa mple.com/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://[::1]/",
        "https://[fe80::1]/",
        "https://[fc00::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
    ],
)
def test_an_address_that_leads_inside_or_is_none_is_refused(url: str) -> None:
    with pytest.raises(QunyingError):
        check_address(url)


def test_addresses_outside_are_fine_and_this_machine_where_it_is_allowed() -> None:
    assert check_address("https://example.com:8443/hook?a=1").port == 8443
    assert check_address("https://1.1.1.1/").hostname == "1.1.1.1"
    assert check_address("http://127.0.0.1:8000/", local=True).port == 8000
    with pytest.raises(QunyingError):
        check_address("https://10.0.0.1/", local=True)


@pytest.mark.parametrize("answers", [["10.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["::1"]])
def test_a_name_that_leads_inside_is_refused_when_it_is_looked_up(
    answers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_up(*_given: Any, **_more: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in answers]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(QunyingError):
        reach("inside.example", 443)
    with pytest.raises(QunyingError):
        post("https://inside.example/", b"", headers={})
