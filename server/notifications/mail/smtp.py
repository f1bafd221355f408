"""The mail server that takes letters over, and what its answers mean for a letter (RFC 5321)."""

import ssl
from email.message import EmailMessage

import aiosmtplib

from server.mail_settings import MailServer
from server.notifications.delivery import Later, Outcome, Refused, Sent

__all__ = ["SmtpLine"]

TIMEOUT_SECONDS = 30.0
"""For each step; shorter than the lease of a delivery, whose letter would else be sent twice."""
FOR_GOOD = 500


class SmtpLine:
    """Hands letters to the mail server, each over a connection of its own."""

    def __init__(self, server: MailServer, context: ssl.SSLContext | None = None) -> None:
        """context: what certificates are believed; the machine's own when not given."""
        self._server = server
        self._context = context or ssl.create_default_context()

    async def send(self, letter: EmailMessage) -> Outcome:
        """Sent once the server has taken it over. What may be better tomorrow is Later; what a letter is to blame for,
        or its address, is Refused."""
        try:
            async with self._client() as client:
                await client.send_message(letter)
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _judged(error.recipients[0])
        except aiosmtplib.SMTPAuthenticationError as error:
            return Later(f"the mail server did not let us in: {_line(error)}")  # for its operator to mend
        except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPDataError) as error:
            return _judged(error)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return Later(f"the mail server cannot be reached: {_line(error)}")
        return Sent()

    async def check(self) -> str | None:
        """Connect and sign in, and send nothing. None when all is well, else why not."""
        try:
            async with self._client() as client:
                await client.noop()
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return _line(error)
        return None

    def _client(self) -> aiosmtplib.SMTP:
        server = self._server
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.tls,
            start_tls=server.starttls,
            tls_context=self._context,
            timeout=TIMEOUT_SECONDS,
        )


def _judged(error: aiosmtplib.SMTPResponseException) -> Outcome:
    """4yz is for now, 5yz for good (RFC 5321 section 4.2.1)."""
    why = f"the mail server answered {error.code} {_line(error)}"
    return Refused(why) if error.code >= FOR_GOOD else Later(why)


def _line(error: BaseException) -> str:
    """One line that a person can read; a server may answer several."""
    said = error.message if isinstance(error, aiosmtplib.SMTPException) else str(error)
    return " ".join(said.split())[:200] or type(error).__name__
