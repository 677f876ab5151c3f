"""Sending to addresses that people typed, without being led inside: the guard against forged requests."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Mapping

TIMEOUT = 5.0
"""Seconds to connect, and seconds between two pieces of an answer."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def check_address(url: str, *, local: bool = False) -> SplitResult:
    """The parts of an address that may be sent to; raises QunyingError otherwise.

    Only https, without a name and password in it, and not to this machine or the network it stands in. With
    `local` this machine is allowed, and plain http to it.
    """
    if any(ord(letter) <= ord(" ") or ord(letter) > ord("~") for letter in url):
        raise QunyingError(_("The address holds spaces or letters that belong in no address."))
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise QunyingError(_("“%(url)s” is no address.") % {"url": url}) from None
    if parts.scheme not in {"https", "http"} or not host or parts.username or parts.password or parts.fragment:
        raise QunyingError(_("Write an address such as https://example.com/hook, without a password in it."))
    if parts.scheme == "http" and not (local and _is_loopback(host)):
        raise QunyingError(_("The address has to begin with https://."))
    literal = _as_ip(host)
    if literal is not None:
        _check_ip(literal, local=local)
    return parts


def reach(host: str, port: int, *, local: bool = False) -> str:
    """One IP address of the host to connect to; raises QunyingError where any of them leads inside."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise QunyingError(_("Nobody knows the host “%(host)s”.") % {"host": host}) from None
    ips = [str(row[4][0]) for row in found]
    for text in ips:
        _check_ip(ipaddress.ip_address(text.split("%")[0]), local=local)
    return ips[0]


def post(url: str, body: bytes, *, headers: Mapping[str, str], local: bool = False) -> int:
    """The status of a POST. The host is looked up once and that address connected to; nothing is followed.

    Raises QunyingError for an address that may not be sent to, OSError where nobody answers.
    """
    parts = check_address(url, local=local)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    ip = reach(host, port, local=local)
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
    raw = socket.create_connection((ip, port), timeout=TIMEOUT)
    try:
        connection.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=host) if secure else raw
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body=body, headers=dict(headers))
        answer = connection.getresponse()
    except http.client.HTTPException as error:
        raise OSError(_("The answer is no HTTP.")) from error
    finally:
        connection.close()
        raw.close()
    return answer.status


def _as_ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    ip = _as_ip(host)
    return host == "localhost" if ip is None else ip.is_loopback


def _check_ip(ip: ipaddress.IPv4Address | ipaddress.IPv6Address, *, local: bool) -> None:
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif ip in _NAT64:
            ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        elif ip.sixtofour is not None or ip.teredo is not None:
            ip = ipaddress.IPv4Address("0.0.0.0")  # noqa: S104 - a way round the guard; nothing listens here
    if local and ip.is_loopback:
        return
    if not ip.is_global or ip.is_multicast:
        raise QunyingError(_("The address leads into the machine's own network. Only addresses outside are allowed."))
