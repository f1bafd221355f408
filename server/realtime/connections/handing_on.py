"""What a client says to one node for a session of another: proxies send each request wherever they like."""

from collections.abc import Callable, Collection
from typing import Any

from server.errors import AppError, NotFound, RateLimited, SessionElsewhere
from server.realtime.connections.emulation import EmulationDesk
from server.realtime.questions import Questions

__all__ = ["HANDED_ON_SECONDS", "MOST_HANDED_ON", "HandingOn"]

QUESTION = "emulation"
HANDED_ON_SECONDS = 10.0
"""A session that is over its rate answers late."""
MOST_HANDED_ON = 128
"""Requests that wait for other nodes: nobody has to be signed in to make one."""


class HandingOn:
    """For an EmulationDesk's `elsewhere`. `nodes`: the others that there are."""

    def __init__(self, questions: Questions, nodes: Callable[[], Collection[str]]) -> None:
        self._questions = questions
        self._nodes = nodes
        self._waiting = 0

    def serve(self, desk: EmulationDesk, node: str) -> None:
        """Say at the desk of this node what others hand on."""

        async def said(asked: Any) -> Any:
            try:
                await desk.say(node, asked["session"], asked["data"])
            except (NotFound, RateLimited) as error:
                return {"error": type(error).__name__, "message": error.message}
            return {}

        self._questions.answer(QUESTION, said)

    async def __call__(self, node: str, session: str, data: str) -> None:
        """Raises SessionElsewhere (there is no such node, or it does not answer), NotFound, RateLimited."""
        if node not in self._nodes():
            raise SessionElsewhere
        if self._waiting >= MOST_HANDED_ON:
            raise RateLimited("Too many requests wait for other nodes.")
        self._waiting += 1
        try:
            answers = await self._questions.ask(QUESTION, {"session": session, "data": data}, [node], HANDED_ON_SECONDS)
        finally:
            self._waiting -= 1
        if node not in answers:
            raise SessionElsewhere
        if error := _error(answers[node]):
            raise error


def _error(answer: dict[str, str]) -> AppError | None:
    if "error" not in answer:
        return None
    kind = RateLimited if answer["error"] == RateLimited.__name__ else NotFound
    return kind(answer["message"])
