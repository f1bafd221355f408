"""What is public: the edges of every special range, and IPv4 in the clothes of IPv6."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.egress.addresses import is_allowed, is_public, literal

PUBLIC = [
    *["1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255"],
    *["128.0.0.0", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0"],
    *["223.255.255.255", "2606:4700:4700::1111", "2a00:1450:4001::1"],
]
PRIVATE = [
    *["0.0.0.0", "0.1.2.3", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1", "127.9.9.9"],
    *["169.254.169.254", "172.16.0.0", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1"],
    *["192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255"],
    *["240.0.0.1", "255.255.255.255"],
    *["::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::808:808"],
    *["64:ff9b:1::1", "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "2002:7f00:1::"],
    *["2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1"],
]


@pytest.mark.parametrize("text", PUBLIC)
def test_the_world_is_public(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.parametrize("text", PRIVATE)
def test_our_own_networks_are_not(text: str) -> None:
    assert not is_public(ip_address(text))


@given(st.ip_addresses())
def test_nothing_is_public_here_that_python_calls_private(address: object) -> None:
    # Anycast addresses inside 192.0.0.0/24 and 2001::/23 are global by the registry; we leave them out.
    if is_public(address):  # type: ignore[arg-type]
        assert address.is_global  # type: ignore[attr-defined]
        assert not address.is_multicast  # type: ignore[attr-defined]


def test_a_range_of_the_operator_is_allowed_also_as_a_mapped_address_and_no_other() -> None:
    allow = (ip_network("10.1.0.0/16"), ip_network("fd00::/8"))
    assert is_allowed(ip_address("10.1.2.3"), allow)
    assert is_allowed(ip_address("::ffff:10.1.2.3"), allow)
    assert is_allowed(ip_address("fd12::1"), allow)
    assert not is_allowed(ip_address("10.2.0.1"), allow)
    assert not is_allowed(ip_address("::ffff:10.2.0.1"), allow)


def test_a_name_is_no_literal() -> None:
    assert literal("10.0.0.1") == ip_address("10.0.0.1")
    assert literal("10.1") is None
    assert literal("example.org") is None
