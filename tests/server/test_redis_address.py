"""A URL is understood at the start or refused, and never repeated in an error."""

import pytest
from redis.asyncio import SSLConnection, UnixDomainSocketConnection

from server.redis_address import read_redis_url


def test_tls_a_user_and_a_socket_file_are_understood() -> None:
    secure = read_redis_url("rediss://pad:p%2Fw@redis.example.org:6380/0?ssl_cert_reqs=required")
    assert secure.kind is SSLConnection
    assert (secure.options["username"], secure.options["password"]) == ("pad", "p/w")
    assert read_redis_url("unix:///run/valkey.sock").kind is UnixDomainSocketConnection


def test_what_the_broker_must_decide_itself_is_not_decided_by_the_url() -> None:
    options = read_redis_url("redis://h?socket_timeout=1&protocol=2&health_check_interval=9&max_connections=3").options
    assert (options["socket_timeout"], options["protocol"], options["health_check_interval"]) == (None, 3, 0)


@pytest.mark.parametrize("url", ["http://u:secret@h", "redis://u:secret@h:port", "redis://u:secret@h?colour=red", ""])
def test_other_urls_are_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(ValueError, match="must be redis://") as refused:
        read_redis_url(url)
    assert "secret" not in str(refused.value)
