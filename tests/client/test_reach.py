"""Public and private addresses, in all their spellings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.client.reach import is_private_address, is_private_host


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
     "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1", "nonsense", ""],
)  # fmt: skip
def test_addresses_of_this_machine_and_its_network_are_private(address: str) -> None:
    assert is_private_address(address)


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::"],
)
def test_addresses_of_the_internet_are_not(address: str) -> None:
    assert not is_private_address(address)


@pytest.mark.parametrize(
    "host", ["localhost", "a.localhost", "printer.local", "nas", "x.home.arpa", "192.168.1.1", "::1"]
)
def test_names_used_inside_are_private(host: str) -> None:
    assert is_private_host(host)


@pytest.mark.parametrize(
    "host", ["example.com", "localhost.example.com", "8.8.8.8", "2606:4700:4700::1111", "mylocal.io"]
)
def test_names_of_the_internet_are_not(host: str) -> None:
    assert not is_private_host(host)


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_judged_as_the_one_inside(address: object) -> None:
    assert is_private_address(f"::ffff:{address}") == is_private_address(str(address))
