"""Nothing is sent to a host that an address names, unless the operator has named it (rule A2)."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests

from server.notifications.chat.line import ChatLine
from server.notifications.chat.message import trial
from server.notifications.chat.services import SERVICES, ChatRefused, ChatServices
from server.notifications.delivery import Sent
from server.settings import Settings

SLACK = "T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
HOOK = "4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"
WHOLE = {
    "slack": [f"slack://{SLACK}", f"https://hooks.slack.com/services/{SLACK}", f"slack://bot@{SLACK}/general"],
    "discord": [f"discord://{HOOK}", f"https://discord.com/api/webhooks/{HOOK}"],
    "tgram": ["tgram://123456789:abcdefg_hijklmnop/12315544", "tgram://123456789:abcdefg_hijklmnop/12315544:7"],
    "gchat": ["gchat://AAAA/kkk/ttt", "https://chat.googleapis.com/v1/spaces/AAAA/messages?key=kkk&token=ttt"],
    "wxteams": ["wxteams://" + "a" * 80, "https://webexapis.com/v1/webhooks/incoming/" + "a" * 80],
    "pover": ["pover://" + "u" * 30 + "@" + "t" * 30],
    "pbul": ["pbul://" + "a" * 32],
    "ntfy": ["ntfy://my-topic"],
    "ntfys": ["ntfys://my-topic"],
}
INSIDE = ("127.0.0.1", "10.0.0.7:8080", "[::1]", "db.internal")


def hostile() -> Iterator[str]:
    """Whatever might be taken for a host, in each place of each service's addresses."""
    for host in INSIDE:
        for scheme in SERVICES:
            yield f"{scheme}://{host}"
            yield f"{scheme}://{host}/topic"
            yield f"{scheme}://{host}/{SLACK}"
            yield f"{scheme}://{host}/{HOOK}"
            yield f"{scheme}://{host}/key/token"
            yield f"{scheme}://user:secret@{host}/{HOOK}"
            yield f"{scheme}://{'u' * 30}@{host}"
            yield f"{scheme}://{HOOK}/@{host}"
        yield f"https://{host}/services/{SLACK}"
        yield f"https://hooks.slack.com@{host}/services/{SLACK}"
        yield f"https://{host}#hooks.slack.com/services/{SLACK}"
        yield f"https://{host}\\@hooks.slack.com/services/{SLACK}"
        yield f"json://{host}/"
        yield f"slack://{SLACK}?mode=bot&template=https://{host}/x"


@pytest.fixture
def line() -> Iterator[ChatLine]:
    made = ChatLine(ChatServices(), "https://pad.example.org")
    yield made
    made.close()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where requests would have gone; all of them are answered as well as can be."""
    found: list[str] = []

    def send(_: object, request: requests.PreparedRequest, **given: object) -> requests.Response:
        assert request.url is not None
        assert given["verify"]
        found.append(request.url)
        answer = requests.Response()
        answer.status_code, answer.request, answer.url = 200, request, request.url
        answer._content = b"ok" if "hooks.slack.com" in request.url else b'{"ok": true}'
        return answer

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
    return found


@pytest.mark.parametrize("scheme", sorted(SERVICES))
async def test_whole_addresses_are_sent_to_the_hosts_of_their_service(
    line: ChatLine, asked: list[str], scheme: str
) -> None:
    for url in WHOLE[scheme]:
        assert await line.check(url)
        assert await line.send(url, trial()) == Sent()
    assert asked
    assert {urlsplit(each).hostname for each in asked} <= SERVICES[scheme].hosts
    assert {urlsplit(each).scheme for each in asked} == {"https"}


async def test_no_address_leads_to_a_host_of_its_own(line: ChatLine, asked: list[str]) -> None:
    for url in hostile():
        try:
            await line.check(url)
        except ChatRefused:
            continue
        await line.send(url, trial())
    known = frozenset[str]().union(*(each.hosts for each in SERVICES.values()))
    assert {urlsplit(each).hostname for each in asked} <= known


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("hello", "not an address"),
        ("slack://Tö/x", "not an address"),
        ("slack://" + "x" * 600, "not an address"),
        ("json://chat.example.org/", "of no service"),
        ("workflows://prod.logic.azure.com:443/643e69f83c8944/abc", "of no service"),
        ("file:///etc/passwd", "of no service"),
        (f"slack://{SLACK}?template=/etc/passwd", "options"),
        (f"slack://{SLACK}?", "options"),
        (f"slack://{SLACK}#x", "options"),
        (f"https://hooks.slack.com/services/{SLACK}?template=x", "options"),
        ("https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t&template=x", "options"),
        ("slack://T1", "not a whole address such as https://hooks.slack.com"),
        ("ntfy://ntfy.example.org/topic", "names a host"),
        ("ntfys://10.0.0.1:80/topic", "names a host"),
        ("pbul://" + "a" * 32 + "/one/two", "several places"),
    ],
)
async def test_what_is_refused_says_why_and_nothing_of_the_address(line: ChatLine, url: str, why: str) -> None:
    with pytest.raises(ChatRefused, match=why) as refused:
        await line.check(url)
    assert SLACK not in str(refused.value)


async def test_the_operator_may_name_services_with_a_host() -> None:
    allowed = ChatServices(["mmosts://chat.example.org", "ntfys://ntfy.example.org:8443"])
    line = ChatLine(allowed, None)
    try:
        assert await line.check("mmosts://chat.example.org/" + "a" * 26) == "Mattermost"
        assert await line.check("ntfys://ntfy.example.org:8443/topic") == "ntfy"
        for other in ("mmosts://chat.example.org:8065/", "mmost://chat.example.org/", "mmosts://other.example.org/"):
            with pytest.raises(ChatRefused):
                await line.check(other + "a" * 26)
        with pytest.raises(ChatRefused, match="options"):
            await line.check("mmosts://chat.example.org/" + "a" * 26 + "?verify=no")
    finally:
        line.close()


@pytest.mark.parametrize("wrong", ["chat.example.org", "mmosts://chat.example.org/", "mmosts://u:p@chat.example.org"])
def test_a_service_in_the_settings_is_a_scheme_and_a_host(wrong: str) -> None:
    with pytest.raises(ValueError, match="must be services such as"):
        Settings(chat_allow=(wrong,))
