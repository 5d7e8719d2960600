"""Where a request comes from: behind proxies, and whether it is this machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

PROXY_HEADERS = frozenset({
    "forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "cf-connecting-ip",
    "true-client-ip",
})  # fmt: skip
"""Header fields that proxies add. A request with one of them was not sent from this machine, whoever passes it on."""

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})

MAX_HOPS = 20
"""Addresses of `X-Forwarded-For` that are looked at, from its end: that of the nearest proxy is the last one."""

CLIENT_BITS = 64
"""Of an address of IPv6, what identifies a client: each customer of a provider has at least so many bits to choose."""


def networks_of(text: str) -> tuple[Network, ...]:
    """Return the addresses and networks in a text, with commas or spaces between.

    Raises:
        ValueError: one of them is none.

    >>> networks_of("127.0.0.1, 10.0.0.0/8")
    (IPv4Network('127.0.0.1/32'), IPv4Network('10.0.0.0/8'))
    """
    return tuple(ip_network(one) for one in text.replace(",", " ").split())


def client_of(peer: str, forwarded_for: str, trusted: Sequence[Network]) -> str:
    """Return the address of a client, or the network of 64 bits of one with IPv6.

    Args:
        peer: the other end of the connection; empty for a socket in the file system.
        forwarded_for: the header field `X-Forwarded-For`. It counts only as far as trusted proxies have added to it:
            anybody can send one.
        trusted: the proxies.

    >>> client_of("10.0.0.1", "6.6.6.6, 203.0.113.7", networks_of("10.0.0.0/8"))
    '203.0.113.7'
    >>> client_of("198.51.100.9", "6.6.6.6", networks_of("10.0.0.0/8"))
    '198.51.100.9'
    """
    client = _parsed(peer)
    # Behind a socket in the file system is a program of this machine: the proxy, if there is one.
    is_trusted = bool(trusted) and (not peer or _is_trusted(client, trusted))
    for hop in reversed(forwarded_for.split(",")[-MAX_HOPS:]):
        before = _parsed(_without_port(hop.strip())) if is_trusted else None
        if before is None:
            break
        client, is_trusted = before, _is_trusted(before, trusted)
    if client is None:
        return peer or "local"
    if isinstance(client, IPv6Address):
        return str(IPv6Network((client, CLIENT_BITS), strict=False))
    return str(client)


def is_loopback(peer: str, headers: Mapping[str, str]) -> bool:
    """Whether a request was sent by a program on this machine, and not by a page in its browser.

    Args:
        peer: the other end of the connection.
        headers: the header fields, by names in any case.

    A page of any site can make a browser send requests to this machine. It says so in `Origin` or `Sec-Fetch-Site`; and
    if the page comes from a name that leads to this machine, `Host` has that name.
    """
    address = _parsed(peer)
    if address is None or not address.is_loopback:
        return False
    if any(name.lower() in PROXY_HEADERS for name in headers):
        return False
    host = headers.get("Host", "").lower()
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    same_site = headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin")
    return name in LOOPBACK_HOSTS and same_site and headers.get("Origin", f"http://{host}") == f"http://{host}"


def _is_trusted(address: Address | None, trusted: Sequence[Network]) -> bool:
    return address is not None and any(address in network for network in trusted)


def _without_port(hop: str) -> str:
    """Return an address without the port that some proxies write after it."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


@lru_cache(maxsize=10_000)
def _parsed(text: str) -> Address | None:
    """Return an address, an IPv4 one also if it is written as one of IPv6; None if it is none."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address
