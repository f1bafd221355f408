"""An error's body and headers come from the one table."""

import json

import pytest

from server.errors import AppError, FieldIssue, Forbidden, Invalid, RateLimited, Unauthenticated
from server.http.reply import error_response


def test_every_field_of_an_error_is_told() -> None:
    error = Invalid("No.", details=[FieldIssue("name", "is taken", "Fuge"), FieldIssue("password", "is too short")])
    response = error_response(error, "r1")
    assert response.status_code == 422
    assert json.loads(response.body) == {
        "message": "No.",
        "code": "validation_failed",
        "details": [
            {"field": "name", "issue": "is taken", "given": "Fuge"},
            {"field": "password", "issue": "is too short", "given": None},
        ],
        "request_id": "r1",
    }


@pytest.mark.parametrize(("seconds", "told"), [(0.0, "1"), (0.2, "1"), (1.0, "1"), (1.2, "2"), (60.0, "60")])
def test_a_wait_is_whole_seconds_and_never_too_short(seconds: float, told: str) -> None:
    assert error_response(RateLimited(retry_after=seconds), None).headers["retry-after"] == told


def test_only_who_is_not_signed_in_is_asked_to() -> None:
    assert error_response(Unauthenticated(), None).headers["www-authenticate"] == "Bearer"
    assert "www-authenticate" not in error_response(Forbidden(), None).headers


def test_an_error_without_a_row_of_its_own_says_nothing_of_the_inside() -> None:
    response = error_response(AppError(), None)
    assert (response.status_code, json.loads(response.body)["code"]) == (500, "internal")
