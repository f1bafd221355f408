"""Rule A2: whatever address somebody writes, nothing is sent to a network of ours; and what is sent is bounded."""

import asyncio
import logging
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from server.egress.egress import MAX_ANSWER_BYTES, Answer, Egress, EgressFailed, EgressRefused
from tests.server.receiver import answers, breaks_off, certificate, hangs, receiving, resolver

LOOPBACK = [ip_network("127.0.0.0/8")]


async def post(egress: Egress, url: str, **given: Any) -> Answer:
    try:
        return await egress.post(url, content=b"{}", headers={"Content-Type": "application/json"}, **given)
    finally:
        egress.close()


# Each is refused, or has no name, without a connection: the machine's own resolver, and no stub.
HOSTILE = [
    *["", "example.org", "//example.org", "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/"],
    *["javascript:alert(1)", "data:text/plain,x", "unix:///var/run/docker.sock", "https://", "https:///path", "https://:443/"],
    *["https://user@example.org/", "https://user:pass@example.org/", "https://example.org:pass@127.0.0.1/"],
    *["http://example.org/", "http://8.8.8.8/", "https://127.0.0.1/", "https://127.0.0.1:8000/", "https://127.1/"],
    *["https://2130706433/", "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://017700000001/"],
    *["https://0/", "https://0.0.0.0/", "https://localhost/", "https://LOCALHOST/", "https://localhost./"],
    *["https://[::]/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[::127.0.0.1]/"],
    *["https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[fe80::1]/", "https://[fe80::1%25eth0]/"],
    *["https://[fc00::1]/", "https://[fd00:ec2::254]/", "https://[ff02::1]/", "https://[::1"],
    *["https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.1.1/", "https://169.254.169.254/latest/meta-data/"],
    *["https://100.100.100.200/", "https://192.0.0.192/", "https://224.0.0.1/", "https://255.255.255.255/"],
    *["https://①②⑦.⓪.⓪.①/", "https://127。0。0。1/", "https://127.0.0.1%2f@example.org/", "https://127.0.0.1\\@example.org/"],
    *["https://example.org:0x50/", "https://example.org:99999/",
    "https://example.org:0/", "https://exa mple.org/", "https://exa\nmple.org/"],
    *["https://a" + "a" * 300 + ".org/", "https://" + "a" * 64 + ".org/", "https://example.org/" + "a" * 70_000],
]  # fmt: skip


def is_literal(url: str) -> bool:
    return not any(name in url for name in ("example.org", "mple.org", "aaa", "localhost."))


@pytest.mark.parametrize("url", HOSTILE)
async def test_a_hostile_address_is_never_reached(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def connects(*_: Any, **__: Any) -> Any:
        raise AssertionError("a connection")

    monkeypatch.setattr("httpcore._backends.anyio.AnyIOBackend.connect_tcp", connects)
    monkeypatch.setattr("httpcore._backends.auto.AutoBackend.connect_tcp", connects)
    # Names of `example.org` and those that no resolver knows are no literals: this machine may have no resolver.
    told = EgressRefused if is_literal(url) else (EgressRefused, EgressFailed)
    with pytest.raises(told):
        await post(Egress(), url)


@pytest.mark.parametrize(
    "addresses", [["10.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["2606:4700::1", "::1"], ["::ffff:8.8.8.8"]]
)
async def test_a_name_with_a_private_address_is_refused_also_among_public_ones(addresses: list[str]) -> None:
    with pytest.raises(EgressRefused, match="private network"):
        await post(Egress(resolve=resolver(addresses)), "https://hook.example/")


async def test_the_refusal_names_no_address() -> None:
    with pytest.raises(EgressRefused) as refused:
        await post(Egress(resolve=resolver(["10.1.2.3"])), "https://hook.example/")
    assert "10." not in str(refused.value)


async def test_a_name_is_looked_up_once_and_that_address_is_used_with_the_name_of_the_host(tmp_path: Path) -> None:
    """DNS rebinding: the second answer would be another address."""
    server, client = certificate(tmp_path, "hook.example")
    async with receiving(answers(200, b"thanks", x_seen="yes"), tls=server) as receiver:
        names = resolver(["127.0.0.1"], ["10.0.0.1"])
        egress = Egress(LOOPBACK, resolve=names, tls=client)
        answer = await post(egress, f"https://hook.example:{receiver.port}/in?x=1#part")
    assert (answer.status, answer.body, answer.headers["x-seen"]) == (200, b"thanks", "yes")
    [got] = receiver.got
    assert (got.method, got.path, got.body, got.name) == ("POST", "/in?x=1", b"{}", "hook.example")
    assert got.headers["host"] == f"hook.example:{receiver.port}"
    assert got.headers["content-type"] == "application/json"
    assert names.asked == ["hook.example"]


async def test_a_certificate_of_another_name_is_refused(tmp_path: Path) -> None:
    server, client = certificate(tmp_path, "other.example")
    async with receiving(tls=server) as receiver:
        egress = Egress(LOOPBACK, resolve=resolver(["127.0.0.1"]), tls=client)
        with pytest.raises(EgressFailed, match=r"certificate is not good: Hostname mismatch"):
            await post(egress, f"https://hook.example:{receiver.port}/")
    assert receiver.got == []


async def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    server, _ = certificate(tmp_path, "hook.example")
    async with receiving(tls=server) as receiver:
        egress = Egress(LOOPBACK, resolve=resolver(["127.0.0.1"]))
        with pytest.raises(EgressFailed, match="certificate is not good"):
            await post(egress, f"https://hook.example:{receiver.port}/")


async def test_a_redirect_is_returned_and_not_followed() -> None:
    async with receiving() as inner, receiving(answers(307, location=f"http://127.0.0.1:{inner.port}/")) as outer:
        answer = await post(Egress(LOOPBACK), f"http://127.0.0.1:{outer.port}/")
    assert answer.status == 307
    assert inner.connections == 0


async def test_http_is_for_allowed_ranges_only() -> None:
    async with receiving() as receiver:
        assert (await post(Egress(LOOPBACK), f"http://127.0.0.1:{receiver.port}/")).status == 204
        with pytest.raises(EgressRefused, match="not https"):
            await post(Egress(LOOPBACK, resolve=resolver(["8.8.8.8"])), "http://hook.example/")
        with pytest.raises(EgressRefused):
            await post(Egress([ip_network("10.0.0.0/8")]), f"http://127.0.0.1:{receiver.port}/")


async def test_a_proxy_in_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving() as proxy, receiving() as receiver:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        await post(Egress(LOOPBACK), f"http://127.0.0.1:{receiver.port}/")
    assert proxy.connections == 0


async def test_who_hangs_is_given_up_after_the_time_of_the_whole_request() -> None:
    async with receiving(hangs) as receiver:
        with pytest.raises(EgressFailed, match=r"no answer within 0\.2 seconds"):
            await post(Egress(LOOPBACK), f"http://127.0.0.1:{receiver.port}/", timeout_seconds=0.2)
    assert len(receiver.got) == 1


async def test_a_name_that_hangs_is_given_up_too() -> None:
    async def never(host: str, port: int) -> Any:
        await asyncio.Event().wait()

    with pytest.raises(EgressFailed, match="no answer within"):
        await post(Egress(resolve=never), "https://hook.example/", timeout_seconds=0.05)


async def test_the_next_address_is_tried_when_the_first_takes_no_connection() -> None:
    async with receiving() as receiver:
        names = resolver(["127.0.0.2", "127.0.0.1"])  # nobody listens on the first
        answer = await post(Egress(LOOPBACK, resolve=names), f"http://hook.example:{receiver.port}/")
    assert answer.status == 204


async def test_a_long_answer_is_cut_and_not_kept_in_memory() -> None:
    def floods(_: object) -> bytes:
        return b"HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n" + b"10000\r\n" + b"x" * 65536 + b"\r\n10000\r\n"

    async with receiving(floods) as receiver:
        answer = await post(Egress(LOOPBACK), f"http://127.0.0.1:{receiver.port}/")
    assert len(answer.body) == MAX_ANSWER_BYTES


@pytest.mark.parametrize(
    "behaviour",
    [breaks_off, lambda _: b"SSH-2.0-OpenSSH_9\r\n", lambda _: b"HTTP/1.1 200 x\r\ncontent-length: 9\r\n\r\nabc"],
)
async def test_who_breaks_off_or_speaks_something_else_has_failed(behaviour: Any) -> None:
    async with receiving(behaviour) as receiver:
        with pytest.raises(EgressFailed):
            await post(Egress(LOOPBACK), f"http://127.0.0.1:{receiver.port}/")


async def test_a_name_that_is_none_and_a_closed_port_have_failed() -> None:
    with pytest.raises(EgressFailed, match="cannot be resolved"):
        await post(Egress(resolve=resolver([])), "https://hook.example/")
    with pytest.raises(EgressFailed, match="connection was refused"):
        await post(Egress(LOOPBACK), "http://127.0.0.1:1/")


async def test_nothing_of_the_request_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """httpx logs whole addresses at the level info, and push endpoints are secrets."""
    async with receiving() as receiver:
        with caplog.at_level(logging.INFO):
            await post(Egress(LOOPBACK), f"http://127.0.0.1:{receiver.port}/SESAME")
    assert "SESAME" not in caplog.text
