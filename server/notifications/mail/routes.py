"""/notifications/mail/unsubscribe: the way out of letters, by a link that needs no sign-in."""

from html import escape
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from server.errors import NotFound
from server.notifications.mail.house import MailParts
from server.notifications.mail.unsubscribing import UNSUBSCRIBE

__all__ = ["router"]

router = APIRouter(tags=["notifications"])
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>E-mails from Counterpoint</title><h1>{title}</h1>{body}</html>"""
ASK = '<form method="post" action="{action}"><button>Send me no more e-mails</button></form>'


def _mail(request: Request) -> MailParts:
    mail: MailParts | None = request.app.state.house.notifications.mail
    if mail is None:
        raise NotFound
    return mail


Mail = Annotated[MailParts, Depends(_mail)]
Token = Annotated[str, Query(description="Of the link at the end of a letter.", max_length=1000)]


@router.get(UNSUBSCRIBE, summary="Ask before the letters end", response_class=HTMLResponse)
async def ask(request: Request, mail: Mail, token: Token) -> HTMLResponse:
    """Changes nothing: programs that look at links in letters follow this one too."""
    mail.unsubscribing.reader(token)
    form = ASK.format(action=escape(f"{UNSUBSCRIBE}?{request.url.query}"))
    return HTMLResponse(PAGE.format(title="No more e-mails?", body=form))


@router.post(UNSUBSCRIBE, summary="No more letters", response_class=HTMLResponse)
async def stop(mail: Mail, token: Token) -> HTMLResponse:
    """RFC 8058: one POST by a mail program, or by the button of the page. What is critical is still told."""
    await mail.unsubscribing.stop(token)
    body = '<p>They can be turned on again in <a href="/inbox/settings">the settings of your inbox</a>.</p>'
    return HTMLResponse(PAGE.format(title="You get no more e-mails", body=body))
