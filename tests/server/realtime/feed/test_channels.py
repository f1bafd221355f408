"""Names of channels: what is one, and what never is."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import Invalid
from server.realtime.feed.channels import channel_name

GOOD = ["workspace:0f3a", "user:abc-1", "alerts", "incidents", "threats", "workflow", "sources", "metrics", "metrics:7"]
BAD = [
    "",
    "workspace",
    "workspace:",
    "user:",
    "alerts:1",
    "alerts:",
    "metrics:",
    "Alerts",
    "workspace:a:b",
    "workspace:a/../b",
]


@pytest.mark.parametrize("name", GOOD)
def test_a_channel_is_the_name_of_its_stream(name: str) -> None:
    assert channel_name(name).stream == name


@pytest.mark.parametrize("name", [*BAD, "workspace:é", "workspace:" + "a" * 51, "x" * 300, "workspace:a\n", "\0"])
def test_anything_else_is_no_channel(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        channel_name(name)
    assert refused.value.details[0].field == "channel"


@given(st.text(max_size=80))
def test_whatever_a_client_names_is_a_channel_or_invalid(name: str) -> None:
    with suppress(Invalid):
        assert channel_name(name).stream == name
