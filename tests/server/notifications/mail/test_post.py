"""Letters without a row: tried again for a while, and no more than so many at once."""

from email.message import EmailMessage

import pytest

from server.notifications.delivery import Later, Outcome, Refused, Sent
from server.notifications.mail import post
from server.notifications.mail.post import MailPost


class Line:
    def __init__(self, *answers: Outcome) -> None:
        self.answers = list(answers)
        self.tries = 0

    async def send(self, letter: EmailMessage) -> Outcome:
        self.tries += 1
        return self.answers.pop(0)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "PAUSES", (0.0, 0.0, 0.0))


@pytest.mark.parametrize(
    ("answers", "tries"),
    [
        ((Later("busy"), Sent()), 2),
        ((Refused("no such user"),), 1),
        ((Later("busy"), Later("busy"), Later("busy")), 3),
    ],
)
async def test_it_is_tried_until_it_is_taken_or_hopeless(answers: tuple[Outcome, ...], tries: int) -> None:
    line = Line(*answers)
    made = MailPost(line)  # type: ignore[arg-type]
    made.take(EmailMessage())
    await made.settled()
    assert line.tries == tries


async def test_too_many_at_once_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "MOST_WAITING", 2)
    line = Line(*[Sent()] * 3)
    made = MailPost(line)  # type: ignore[arg-type]
    for _ in range(3):
        made.take(EmailMessage())
    await made.settled()
    assert line.tries == 2


async def test_a_stop_breaks_off_what_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "PAUSES", (3600.0,))
    line = Line(Sent())
    made = MailPost(line)  # type: ignore[arg-type]
    made.take(EmailMessage())
    await made.stop()
    assert line.tries == 0
