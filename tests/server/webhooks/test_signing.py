"""Rule A6: another implementation finds our signatures genuine, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.webhooks.signing import new_secret, signed_headers
from tests.server.webhooks.standard import NotGenuine, verify

BODY = '{"type":"counterpoint.comment.added.v1","data":{"content":"é🎼"}}'.encode()
AT = 1_764_000_000


def test_the_example_of_the_specification() -> None:
    """From the specification's section "Signature scheme"."""
    headers = signed_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(max_size=200), st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1))
def test_every_body_is_signed_so_that_a_receiver_accepts_it(body: bytes, id_: str) -> None:
    secret = new_secret()
    verify(body, dict(signed_headers(id_, AT, body, [secret])), secret, AT + 10)


def test_a_changed_stale_or_reformatted_delivery_is_not_genuine() -> None:
    secret = new_secret()
    headers = dict(signed_headers("e1", AT, BODY, [secret]))
    verify(BODY, headers, secret, AT)
    for body in (BODY.replace(b"{", b"[", 1), BODY + b" ", BODY.replace(b":", b": ")):
        with pytest.raises(NotGenuine):
            verify(body, headers, secret, AT)
    for changed in ({"webhook-id": "e2"}, {"webhook-timestamp": str(AT + 1)}):
        with pytest.raises(NotGenuine):
            verify(BODY, headers | changed, secret, AT)
    with pytest.raises(NotGenuine):
        verify(BODY, headers, secret, AT + 301)
    with pytest.raises(NotGenuine):
        verify(BODY, headers, new_secret(), AT)


def test_while_two_secrets_are_in_force_a_receiver_may_have_either() -> None:
    old, new = new_secret(), new_secret()
    headers = dict(signed_headers("e1", AT, BODY, [new, old]))
    verify(BODY, headers, old, AT)
    verify(BODY, headers, new, AT)
    with pytest.raises(NotGenuine):
        verify(BODY, dict(signed_headers("e1", AT, BODY, [new])), old, AT)
