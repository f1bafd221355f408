"""RFC 8291 and RFC 8188: what we write is what a browser reads, byte for byte as the standard's own example."""

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from server.notifications.push.encryption import MOST_BYTES, DeviceKeys, base64url, encrypt, from_base64url
from tests.server.notifications.push.browser import BrowserKeys, b64, unb64

# RFC 8291, section 5 and appendix A.
PLAIN = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
BROWSER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
BROWSER_PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A"
    "_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
KEYS = BrowserKeys.new()
DEVICE = DeviceKeys.read(**KEYS.shown)


def test_the_example_of_the_standard() -> None:
    sender = ec.derive_private_key(int.from_bytes(unb64(SENDER)), ec.SECP256R1())
    body = encrypt(PLAIN, DeviceKeys.read(BROWSER_PUBLIC, SECRET), sender=sender, salt=unb64(SALT))
    assert b64(body) == BODY
    assert BrowserKeys.of(BROWSER, SECRET).read(body) == PLAIN


@given(st.binary(max_size=MOST_BYTES))
def test_a_browser_reads_what_was_said(plain: bytes) -> None:
    body = encrypt(plain, DEVICE)
    assert KEYS.read(body) == plain
    assert len(body) <= 4096


def test_the_longest_message_fills_the_body_and_one_byte_more_is_refused() -> None:
    assert MOST_BYTES == 3993
    assert len(encrypt(b"x" * MOST_BYTES, DEVICE)) == 4096
    with pytest.raises(ValueError, match="at most 3993"):
        encrypt(b"x" * (MOST_BYTES + 1), DEVICE)


def test_no_two_messages_are_alike_and_another_browser_reads_none() -> None:
    one, two = encrypt(PLAIN, DEVICE), encrypt(PLAIN, DEVICE)
    assert one[:16] != two[:16], "the salt"
    assert one[21:86] != two[21:86], "the sender's key"
    with pytest.raises(InvalidTag):
        BrowserKeys(KEYS.private, b"another secret!!").read(one)


@given(st.data())
def test_a_message_that_was_changed_is_not_read(data: st.DataObject) -> None:
    body = bytearray(encrypt(PLAIN, DEVICE))
    at = data.draw(st.integers(86, len(body) - 1))
    body[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(InvalidTag):
        KEYS.read(bytes(body))


@pytest.mark.parametrize(
    ("p256dh", "auth", "why"),
    [
        (KEYS.shown["p256dh"], "", "auth must be 16 bytes"),
        (KEYS.shown["p256dh"], b64(b"x" * 17), "auth must be 16 bytes"),
        (KEYS.shown["p256dh"][:-4], SECRET, "p256dh must be 65 bytes"),
        ("ÄÖ", SECRET, "p256dh must be 65 bytes"),
        (b64(b"\x04" + b"\x01" * 64), SECRET, "p256dh is no point"),
        (b64(b"\x02" + KEYS.public[1:]), SECRET, "p256dh is no point"),
    ],
    ids=["no auth", "a long auth", "a short key", "other letters", "off the curve", "another form"],  # keys are random
)
def test_keys_that_are_none_are_named(p256dh: str, auth: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        DeviceKeys.read(p256dh, auth)


@given(st.text(), st.text())
def test_any_text_is_a_key_or_a_clear_error(p256dh: str, auth: str) -> None:
    with pytest.raises(ValueError, match="p256dh"):
        DeviceKeys.read(p256dh, auth)


@given(st.binary(max_size=100))
def test_base64url_with_padding_and_without(value: bytes) -> None:
    written = base64url(value)
    assert "=" not in written
    assert from_base64url(written) == from_base64url(written + "=" * (-len(written) % 4)) == value


def test_a_devices_secret_is_not_shown() -> None:
    assert str(KEYS.secret) not in repr(DEVICE)
