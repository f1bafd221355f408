"""The mail server: encrypted before anything is said, and its answers sorted into now, later and never."""

from pathlib import Path

import pytest

from server.mail_settings import mail_server
from server.notifications.delivery import Later, Refused, Sent
from server.notifications.mail.letters import Desk, plain_letter
from server.notifications.mail.smtp import SmtpLine
from tests.server.notifications.mail.postbox import Certificate, postbox

DESK = Desk("Counterpoint <pad@example.org>", "https://pad.example.org")
LETTER = plain_letter(DESK, "ben@example.org", "Grüße", "Text", link="https://pad.example.org", link_text="Look")
SIGNED_IN = "ada:s3cret%2Fword@"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    folder: Path = tmp_path_factory.mktemp("certificate")
    return Certificate(folder)


async def test_a_letter_is_handed_over() -> None:
    async with postbox() as box:
        assert await SmtpLine(mail_server(f"smtp+plain://127.0.0.1:{box.port}")).send(LETTER) == Sent()
    [letter] = box.letters
    assert (letter["Subject"], letter["To"]) == ("Grüße", "ben@example.org")


async def test_with_starttls_nothing_is_said_before_it(certificate: Certificate) -> None:
    async with postbox(starttls=certificate.shown, asks=True) as box:
        server = mail_server(f"smtp://{SIGNED_IN}127.0.0.1:{box.port}")
        assert await SmtpLine(server, certificate.believed).send(LETTER) == Sent()
        assert await SmtpLine(server, certificate.believed).check() is None
    assert box.signed_in == [b"ada", b"ada"]
    assert len(box.letters) == 1


async def test_with_smtps_it_is_encrypted_from_the_first_byte(certificate: Certificate) -> None:
    async with postbox(tls=certificate.shown, asks=True) as box:
        server = mail_server(f"smtps://{SIGNED_IN}127.0.0.1:{box.port}")
        assert await SmtpLine(server, certificate.believed).send(LETTER) == Sent()
    assert len(box.letters) == 1


async def test_a_server_that_cannot_encrypt_or_whose_certificate_is_not_believed_gets_nothing(
    certificate: Certificate,
) -> None:
    async with postbox() as box:
        outcome = await SmtpLine(mail_server(f"smtp://{SIGNED_IN}127.0.0.1:{box.port}")).send(LETTER)
        assert isinstance(outcome, Later)
    async with postbox(starttls=certificate.shown, asks=True) as other:
        outcome = await SmtpLine(mail_server(f"smtp://{SIGNED_IN}127.0.0.1:{other.port}")).send(LETTER)
        assert isinstance(outcome, Later)
    assert box.letters == other.letters == []
    assert box.signed_in == other.signed_in == []


async def test_a_wrong_password_is_for_the_operator_to_mend_and_nothing_is_lost(certificate: Certificate) -> None:
    async with postbox(starttls=certificate.shown, asks=True) as box:
        line = SmtpLine(mail_server(f"smtp://ada:wrong@127.0.0.1:{box.port}"), certificate.believed)
        outcome = await line.send(LETTER)
        why = await line.check()
    assert isinstance(outcome, Later)
    assert "did not let us in" in outcome.why
    assert why is not None
    assert "wrong" not in outcome.why


@pytest.mark.parametrize("where", ["at_recipient", "at_data"])
async def test_an_answer_of_4yz_is_later_and_one_of_5yz_never(where: str) -> None:
    async with postbox() as box:
        line = SmtpLine(mail_server(f"smtp+plain://127.0.0.1:{box.port}"))
        setattr(box, where, "451 mailbox is busy")
        assert await line.send(LETTER) == Later("the mail server answered 451 mailbox is busy")
        setattr(box, where, "550 no such user")
        assert await line.send(LETTER) == Refused("the mail server answered 550 no such user")


async def test_a_server_that_is_not_there_is_tried_again() -> None:
    async with postbox() as box:
        pass
    outcome = await SmtpLine(mail_server(f"smtp+plain://127.0.0.1:{box.port}")).send(LETTER)
    assert isinstance(outcome, Later)
    assert "cannot be reached" in outcome.why
