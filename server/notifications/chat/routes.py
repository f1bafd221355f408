"""/notifications/chat: in which chats one is told, and a message to try them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from persistence.chat import ChatRow
from server.http.reply import Envelope
from server.identity.dependencies import Caller
from server.notifications.chat import model
from server.notifications.chat.model import ChatAddress, NewChatAddress
from server.notifications.chat.service import NOT_INSTALLED, ChatService
from server.notifications.chat.services import SERVICES

__all__ = ["router"]

CHAT = "/notifications/chat"
ADDRESS = CHAT + "/addresses/{address_id}"

router = APIRouter(tags=["notifications"])


def _chat(request: Request) -> ChatService:
    service: ChatService = request.app.state.house.notifications.chat.service
    return service


Chats = Annotated[ChatService, Depends(_chat)]


@router.get(CHAT, summary="Your chats, and which services there are")
async def get_chat(caller: Caller, chat: Chats) -> Envelope[model.Chat]:
    examples = {each.name: each.example for each in SERVICES.values()}
    services = [model.ChatService(name=name, example=example) for name, example in sorted(examples.items())]
    addresses = [_view(row) for row in await chat.all(caller)]
    why_not = None if chat.installed else NOT_INSTALLED
    return Envelope(data=model.Chat(installed=chat.installed, why_not=why_not, services=services, addresses=addresses))


@router.post(CHAT + "/addresses", status_code=201, summary="Have notifications sent to a chat")
async def add_chat(caller: Caller, chat: Chats, new: NewChatAddress) -> Envelope[ChatAddress]:
    """The address is sealed, and shown to nobody again. A 501 says that this server sends nothing by chat."""
    return Envelope(data=_view(await chat.add(caller, new)))


@router.delete(ADDRESS, status_code=204, summary="No more notifications to a chat")
async def remove_chat(caller: Caller, chat: Chats, address_id: str) -> None:
    await chat.remove(caller, address_id)


@router.post(ADDRESS + "/test", summary="Send a message to a chat of yours")
async def test_chat(caller: Caller, chat: Chats, address_id: str) -> Envelope[ChatAddress]:
    """Answers when the service has. A 409 says why it has not taken the message."""
    return Envelope(data=_view(await chat.test(caller, address_id)))


def _view(row: ChatRow) -> ChatAddress:
    shown = ("id", "service", "label", "created_at", "last_sent_at", "last_error")
    return ChatAddress.model_validate({name: getattr(row, name) for name in shown})
