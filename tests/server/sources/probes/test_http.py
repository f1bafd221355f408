"""A real HTTP server: how it answers, how fast, and how long its certificate is good."""

from pathlib import Path

import pytest

from server.errors import SourceSlow, SourceUnreachable
from server.sources.metrics import metric_names
from tests.server.receiver import Behaviour, answers, breaks_off, certificate, hangs, receiving
from tests.server.sources.probes.support import Here, probe_of, target


async def test_every_metric_of_an_https_address_is_read_and_its_certificate_counted_down(tmp_path: Path) -> None:
    server, _ = certificate(tmp_path, "site.example.org")
    ca = (tmp_path / "server.pem").read_text().split("-----BEGIN PRIVATE")[0]
    async with receiving(answers(200, b"all is well"), tls=server) as receiver:
        url, dialler = f"https://site.example.org:{receiver.port}/health?x=1", Here()
        source = target("http", url, options={"ca": ca, "expect_text": "well"}, username="a", password="b")
        reading = await probe_of(source, dialler).read()
    assert set(reading.values) == set(metric_names("http"))
    assert reading.values["certificate_days_left"] == pytest.approx(1, abs=0.01)
    assert (reading.values["up"], reading.values["status_code"], reading.values["body_bytes"]) == (1, 200, 11)
    parts = sum(reading.values[f"{name}_time"] for name in ("dns", "connect", "tls", "first_byte"))
    assert parts <= reading.values["response_time"]
    assert dialler.asked == [("site.example.org", receiver.port)]
    [got] = receiver.got
    assert (got.path, got.headers["host"], got.name) == (
        "/health?x=1",
        f"site.example.org:{receiver.port}",
        "site.example.org",
    )
    assert got.headers["authorization"].startswith("Basic ")


async def test_a_password_is_not_sent_in_the_clear() -> None:
    async with receiving(answers(200)) as receiver:
        source = target("http", f"http://site.example.org:{receiver.port}/", username="a", password="b")
        reading = await probe_of(source).read()
    assert "authorization" not in receiver.got[0].headers
    assert reading.missing == {
        "tls_time": "The address is not https.",
        "certificate_days_left": reading.missing["tls_time"],
    }


@pytest.mark.parametrize(
    ("behaviour", "options", "trouble"),
    [
        (answers(503), {}, "status 503"),
        (answers(302, location="http://127.0.0.1:1/"), {"expect_status": [200]}, "status 302"),
        (answers(200, b"else"), {"expect_text": "well"}, "does not contain"),
        (answers(302, location="http://127.0.0.1:1/"), {}, None),
        (answers(404), {"expect_status": [404]}, None),
    ],
)
async def test_an_answer_that_is_not_as_it_should_be_is_down_with_its_reason(
    behaviour: Behaviour, options: dict[str, object], trouble: str | None
) -> None:
    async with receiving(behaviour) as receiver:
        reading = await probe_of(target("http", f"http://site.example.org:{receiver.port}/", options=options)).read()
    assert reading.values["up"] == (0 if trouble else 1)
    assert (trouble or "") in (reading.trouble or "")
    assert len(receiver.got) == 1, "redirects are not followed"


async def test_a_certificate_of_somebody_else_is_not_taken(tmp_path: Path) -> None:
    server, _ = certificate(tmp_path, "other.example.org")
    ca = (tmp_path / "server.pem").read_text().split("-----BEGIN PRIVATE")[0]
    async with receiving(answers(200), tls=server) as receiver:
        for options in ({"ca": ca}, {}):
            source = target("http", f"https://site.example.org:{receiver.port}/", options=options)
            with pytest.raises(SourceUnreachable, match="certificate is not good"):
                await probe_of(source).read()
    assert receiver.got == []


async def test_one_that_breaks_off_is_unreachable_and_one_that_hangs_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.sources.probes.fetching.SECONDS", 0.3)
    async with receiving(breaks_off) as receiver:
        with pytest.raises(SourceUnreachable):
            await probe_of(target("http", f"http://site.example.org:{receiver.port}/")).read()
    async with receiving(hangs) as receiver:
        with pytest.raises(SourceSlow):
            await probe_of(target("http", f"http://site.example.org:{receiver.port}/")).read()
