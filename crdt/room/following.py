"""How peers follow the document: who is passed over for now, and how they are brought up to date (R3, R10, R19)."""

from collections.abc import Sequence
from functools import partial

from crdt.errors import CrdtError, MalformedUpdate
from crdt.messages import SyncStep1
from crdt.room.answers import Answers, Sync
from crdt.room.audience import Audience
from crdt.room.content import Content
from crdt.room.effects import Effect, GoOn, Refuse, Resynchronise, Send
from crdt.room.errands import Errands
from crdt.room.intake import BIG, Intake
from crdt.room.peer import Peer
from crdt.updates import encode_state_vector

__all__ = ["Following"]


class Following:
    """A peer is `behind` while its socket does not drain or an answer for it is worked out: then it is no hearer.

    Nothing is kept for it but where it stands.
    """

    def __init__(self, content: Content, intake: Intake, errands: Errands, audience: Audience) -> None:
        self._content = content
        self._intake = intake
        self._audience = audience
        self._answers = Answers(content, errands)

    def ask(self, peer: Peer, *, extra: bool) -> Send:
        """Ask the peer for what the document lacks; `extra`: because of a gap."""
        peer.asked.append(extra)
        return Send(peer.number, SyncStep1(encode_state_vector(self._content.state)))

    def answer(self, peer: Peer, state_vector: bytes) -> list[Effect]:
        """The peer asks for what it lacks. While it is behind only its last question counts."""
        peer.unanswered = state_vector
        if peer.behind is not None:
            return []
        self._pass_over(peer)
        return self._catch_up(peer)

    def stalled(self, peer: Peer) -> bool:
        """Its socket does not drain: write nothing to it, and remember where it stands. Is that news?"""
        if peer.stalled:
            return False
        peer.stalled = True
        self._audience.changed()
        self._pass_over(peer)
        return True

    def drained(self, peer: Peer) -> list[Effect]:
        """Its socket has drained: one answer brings it up to date."""
        peer.stalled = False
        self._audience.changed()
        return self.go_on(peer)

    def go_on(self, peer: Peer) -> list[Effect]:
        """A big piece of an answer has been written: the next one follows at once, or when the socket has drained."""
        return [] if peer.stalled or peer.is_answered or peer.behind is None else self._catch_up(peer)

    # Private.

    def _pass_over(self, peer: Peer) -> None:
        if peer.behind is None:
            # What is taken and not relayed yet counts in the state, and the peer has not got it.
            state = {} if self._intake.taken else dict(self._content.state)
            peer.behind = (self._content.number, state)
            self._audience.changed()

    def _catch_up(self, peer: Peer) -> list[Effect]:
        asked, peer.unanswered = peer.unanswered, None
        if asked is None and not peer.live:
            peer.behind = None
            self._audience.changed()
            return []
        peer.is_answered = True
        if asked is None:
            number, state = peer.behind or (0, {})
            return self._answers.since(number, state, peer.user, partial(self._found, peer, None))
        peer.live = True
        self._audience.changed()
        question: list[Effect] = [] if peer.member.manners.greets else [self.ask(peer, extra=False)]
        return [*question, *self._answers.beyond(asked, peer.user, partial(self._found, peer, asked))]

    def _found(self, peer: Peer, asked: bytes | None, number: int, said: Sequence[Sync] | CrdtError) -> list[Effect]:
        peer.is_answered = False
        if isinstance(said, CrdtError):
            return [Refuse(peer.number, said) if isinstance(said, MalformedUpdate) else Resynchronise(peer.number)]
        if peer.stalled:  # its socket has filled meanwhile: it is answered anew when it has drained
            peer.unanswered = peer.unanswered or asked
            return []
        effects: list[Effect] = [Send(peer.number, message) for message in said]
        if number == self._content.number and peer.unanswered is None:
            peer.behind = None
            self._audience.changed()
            return effects
        before, state = peer.behind or (0, {})
        # The answer can be older than the question, when another's was under way; then `state` would be too much.
        peer.behind = (number, state if number >= before else {})
        if sum(len(message.update) for message in said) > BIG:
            return [*effects, GoOn(peer.number)]  # unless this has filled its socket
        return [*effects, *self._catch_up(peer)]
