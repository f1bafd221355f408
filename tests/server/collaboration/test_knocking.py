"""Where a GET request with a cookie comes from."""

import pytest
from starlette.requests import Request

from server.collaboration.knocking import may_knock
from server.errors import ForeignOrigin
from tests.server.support import ADDRESS, Place


def request(headers: dict[str, str]) -> Request:
    raw = [(name.encode(), value.encode()) for name, value in ({"host": "127.0.0.1:8000"} | headers).items()]
    return Request({"type": "http", "headers": raw, "query_string": b"", "client": None})


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"origin": ADDRESS, "sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "a new word"}, False),
        ({"origin": "https://evil.example", "sec-fetch-site": "same-origin"}, False),
        ({"origin": "null"}, False),
    ],
)
async def test_a_page_is_ours_by_its_origin_else_by_the_browsers_word(
    place: Place, headers: dict[str, str], allowed: bool
) -> None:
    asked, identity = request(headers), place.house.identity
    brought = identity.cookie.credentials_of(asked)
    if allowed:
        may_knock(asked, brought, identity.doorkeeper)
    else:
        with pytest.raises(ForeignOrigin):
            may_knock(asked, brought, identity.doorkeeper)
