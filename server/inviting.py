"""Where the invitations of one wing meet the mail of another."""

from server.collaboration.people.invitations import Letter, Post
from server.notifications.mail.house import MailParts

__all__ = ["posting"]


def posting(mail: MailParts | None) -> Post | None:
    """None where no mail server is set: then whoever invites hands the link on himself."""
    if mail is None:
        return None

    def post(letter: Letter) -> None:
        row = letter.invitation
        mail.invite(row.email, row.inviter_name, row.workspace_name, row.message, letter.accept_url)

    return post
