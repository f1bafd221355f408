"""Rule A5: messages go to the push services that browsers use, and to those that the operator has named."""

import pytest

from server.notifications.push.hosts import PushHosts


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://FCM.googleapis.com:443/wp/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://wns2-par02p.notify.windows.com/w/?token=abc",
        "https://web.push.apple.com/abc",
        "https://fcm.googleapis.com./abc",
    ],
)
def test_push_services_of_browsers(endpoint: str) -> None:
    assert PushHosts().allows(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "https://",
        "https://example.org/fcm.googleapis.com",
        "https://fcm.googleapis.com.example.org/",
        "https://example.org#.push.services.mozilla.com",
        "https://example.org\\.push.services.mozilla.com",
        "https://evilpush.services.mozilla.com/",
        "https://push.services.mozilla.com/",
        "https://.push.services.mozilla.com/",
        "http://fcm.googleapis.com/fcm/send/abc",
        "https://x.fcm.googleapis.com/",
        "https://fcm.googleapis.com@example.org/",
        "https://127.0.0.1/",
        "https://[::1/",
        "https://*.push.apple.com.example.org/",
        "https://example%2eorg%2f.push.apple.com/",
        "ftp://web.push.apple.com/abc",
    ],
)
def test_nobody_else(endpoint: str) -> None:
    assert not PushHosts().allows(endpoint)


def test_the_operator_adds_his_own() -> None:
    hosts = PushHosts(["Push.example.org", "*.up.example.net"])
    assert hosts.allows("https://push.example.org/a")
    assert hosts.allows("https://eu.UP.example.net/a")
    assert not hosts.allows("https://up.example.net/a")
    assert hosts.allows("https://fcm.googleapis.com/a"), "those of the browsers stay"
