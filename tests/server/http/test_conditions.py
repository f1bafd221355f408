"""Conditional requests and content negotiation."""

import pytest

from server.errors import Invalid, NotAcceptable
from server.http.conditions import chosen_type, expected_versions, is_known, version_tag

OFFERED = ("application/json", "text/plain", "text/markdown")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/*", "text/plain"),
        ("text/markdown, text/plain;q=0.9", "text/markdown"),
        ("text/plain;q=0.5, TEXT/Markdown;q=0.8, */*;q=0.1", "text/markdown"),
        ("application/json;q=0, */*", "text/plain"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "application/json"),
        ("text/plain; charset=utf-8; q=1.0", "text/plain"),
    ],
)
def test_the_form_that_is_liked_best_is_chosen(accept: str | None, chosen: str) -> None:
    assert chosen_type(accept, OFFERED) == chosen


@pytest.mark.parametrize("accept", ["image/png", "*/*;q=0", "application/json;q=0"])
def test_without_a_form_that_is_liked_there_is_none(accept: str) -> None:
    with pytest.raises(NotAcceptable):
        chosen_type(accept, OFFERED)


@pytest.mark.parametrize(
    ("header", "versions"),
    [
        (None, None),
        ("*", None),
        ('"14"', {14}),
        ('W/"14-text", "15"', {14, 15}),
        ("14", {14}),
        ('"abc"', set()),
        ('""', set()),
    ],
)
def test_versions_that_are_expected(header: str | None, versions: set[int] | None) -> None:
    assert expected_versions(header) == versions


@pytest.mark.parametrize("header", ["", "abc", '"1', "1 2", '"1";"2"'])
def test_what_is_no_entity_tag_is_refused(header: str) -> None:
    with pytest.raises(Invalid):
        expected_versions(header)


def test_what_a_client_has() -> None:
    assert is_known('"1", W/"2"', version_tag(2))
    assert is_known("*", version_tag(2))
    assert not is_known('"2"', version_tag(2, "text"))
    assert not is_known(None, version_tag(2))
    assert not is_known("nonsense", version_tag(2))
