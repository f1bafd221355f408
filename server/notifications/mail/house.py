"""Mail, put together."""

from dataclasses import dataclass

from persistence.accounts import AccountStore
from persistence.database import Database
from persistence.notification_wishes import WishStore
from server.clock import Clock
from server.mail_settings import mail_server
from server.notifications.mail.letters import Desk, plain_letter
from server.notifications.mail.post import MailPost
from server.notifications.mail.sender import MailSender
from server.notifications.mail.smtp import SmtpLine
from server.notifications.mail.unsubscribing import Unsubscribing
from server.settings import Settings
from server.vault import Vault

__all__ = ["MailParts", "mail_parts"]


@dataclass(frozen=True, slots=True)
class MailParts:
    """`sender` is handed to the desk that delivers notifications; `post` is stopped before the store is closed."""

    sender: MailSender
    post: MailPost
    unsubscribing: Unsubscribing
    desk: Desk

    def invite(self, to: str, inviter: str, workspace: str, message: str, link: str) -> None:
        """Post an invitation. Quick, and never raises."""
        said = f"{inviter} invites you to the workspace {workspace}."
        text = f"{said}\n\n{message}" if message else said
        subject = f"{inviter} invites you to {workspace}"
        self.post.take(plain_letter(self.desk, to, subject, text, link=link, link_text="Look at the invitation"))


def mail_parts(settings: Settings, database: Database, vault: Vault, clock: Clock) -> MailParts | None:
    """None where no mail server is set."""
    if settings.smtp_url is None or settings.mail_from is None or settings.public_url is None:
        return None
    line = SmtpLine(mail_server(settings.smtp_url.get_secret_value()))
    desk = Desk(settings.mail_from, settings.public_url)
    unsubscribing = Unsubscribing(WishStore(database), vault, clock, settings.public_url)
    sender = MailSender(AccountStore(database), line, desk, unsubscribing)
    return MailParts(sender, MailPost(line), unsubscribing, desk)
