"""/escalations: who is called when something urgent happens, and who has taken it on."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from server.events.escalations import EscalationState
from server.http.paging import MAX_LIMIT, cursor_of, place_of
from server.http.reply import Envelope
from server.http.streams import StreamsOf
from server.identity.dependencies import Caller
from server.notifications.escalation.house import EscalationParts
from server.notifications.escalation.model import Escalation, NewEscalation, NewPolicy, Policy, PolicyChanges, State
from server.notifications.escalation.views import escalation_state, escalation_view, policy_view

__all__ = ["router"]

ESCALATION = "/escalations/{escalation_id}"
POLICIES, POLICY = "/escalations/policies", "/escalations/policies/{policy_id}"

router = APIRouter(tags=["escalations"])


def _parts(request: Request) -> EscalationParts:
    parts: EscalationParts = request.app.state.house.notifications.escalation
    return parts


Parts = Annotated[EscalationParts, Depends(_parts)]


@router.get(POLICIES, summary="The escalation policies")
async def list_policies(caller: Caller, parts: Parts) -> Envelope[list[Policy]]:
    return Envelope(data=[policy_view(row) for row in await parts.policies.all(caller)])


@router.post(POLICIES, status_code=201, summary="Make an escalation policy")
async def create_policy(caller: Caller, parts: Parts, new: NewPolicy) -> Envelope[Policy]:
    return Envelope(data=policy_view(await parts.policies.create(caller, new)))


@router.patch(POLICY, summary="Change an escalation policy")
async def change_policy(caller: Caller, parts: Parts, policy_id: str, changes: PolicyChanges) -> Envelope[Policy]:
    """Escalations that have begun keep the steps that it had then."""
    return Envelope(data=policy_view(await parts.policies.change(caller, policy_id, changes)))


@router.delete(POLICY, status_code=204, summary="Remove an escalation policy")
async def delete_policy(caller: Caller, parts: Parts, policy_id: str) -> None:
    """Escalations that have begun go on."""
    await parts.policies.delete(caller, policy_id)


@router.get("/escalations", summary="What is escalated, and what was")
async def list_escalations(
    *,
    caller: Caller,
    parts: Parts,
    streams: StreamsOf,
    state: Annotated[list[State] | None, Query(description="Only those in these states.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="The most rows of a page.")] = 50,
    cursor: Annotated[str | None, Query(description="The next_cursor of the page before.")] = None,
) -> Envelope[list[EscalationState]]:
    """The newest first."""
    before = place_of(cursor)
    place = await streams.place(caller.organisation_id, "incidents")
    rows = await parts.service.page(caller, state or (), before, limit)
    page = rows[:limit]
    more = cursor_of((page[-1].started_at, page[-1].id)) if len(rows) > limit else None
    return Envelope(data=[escalation_state(row) for row in page], next_cursor=more, stream=place)


@router.post("/escalations", status_code=201, summary="Escalate something")
async def start_escalation(
    caller: Caller, parts: Parts, new: NewEscalation, response: Response
) -> Envelope[EscalationState]:
    """A subject that is being escalated already is not begun again: the answer is 200, with what is under way."""
    started = await parts.service.start(caller, new)
    response.status_code = 201 if started.is_new else 200
    return Envelope(data=escalation_state(started.row))


@router.get(ESCALATION, summary="One escalation: its steps, and who was told")
async def get_escalation(caller: Caller, parts: Parts, escalation_id: str) -> Envelope[Escalation]:
    """Also for who was told of it."""
    return Envelope(data=escalation_view(*await parts.service.get(caller, escalation_id)))


@router.post(ESCALATION + "/acknowledge", summary="You have taken it on: nobody else is told")
async def acknowledge_escalation(caller: Caller, parts: Parts, escalation_id: str) -> Envelope[EscalationState]:
    """For who was told of it, and who has the permission alerts.manage. The first one counts."""
    return Envelope(data=escalation_state(await parts.service.acknowledge(caller, escalation_id)))


@router.post(ESCALATION + "/resolve", summary="What it was about is over")
async def resolve_escalation(caller: Caller, parts: Parts, escalation_id: str) -> Envelope[EscalationState]:
    """For who was told of it, and who has the permission alerts.manage."""
    return Envelope(data=escalation_state(await parts.service.resolve(caller, escalation_id)))
