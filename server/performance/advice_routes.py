"""/performance/optimization/recommendations: advice and its evidence (the data-sources contract, P9)."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request

from server.http.paging import MAX_LIMIT
from server.http.reply import Envelope
from server.identity.dependencies import Caller
from server.performance.advice.model import Dismiss, Recommendation
from server.performance.advice.service import recommendation_view
from server.performance.house import PerformanceWing

__all__ = ["router"]

RECOMMENDATIONS = "/performance/optimization/recommendations"

router = APIRouter(tags=["monitoring"])


def _wing(request: Request) -> PerformanceWing:
    wing: PerformanceWing = request.app.state.house.performance
    return wing


Wing = Annotated[PerformanceWing, Depends(_wing)]


@router.get(RECOMMENDATIONS, summary="Advice, the most urgent first")
async def list_recommendations(
    caller: Caller,
    wing: Wing,
    data_source_id: int | None = None,
    state: Literal["open", "dismissed"] = "open",
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="The most rows.")] = MAX_LIMIT,
) -> Envelope[list[Recommendation]]:
    """Sources are examined every five minutes. Each item shows in `current_state` the query, the numbers and the window
    that it rests on, and is gone when they do not hold any more. Nothing is changed by this server."""
    rows = await wing.advice.page(caller, data_source_id, state, limit)
    return Envelope(data=[recommendation_view(row) for row in rows])


@router.post(RECOMMENDATIONS + "/{recommendation_id}/dismiss", summary="Do not want a piece of advice")
async def dismiss_recommendation(
    caller: Caller, wing: Wing, recommendation_id: str, said: Dismiss
) -> Envelope[Recommendation]:
    """It stays away until it is reopened, whatever is read. A repeat changes nothing."""
    return Envelope(
        data=recommendation_view(await wing.advice.decide(caller, recommendation_id, "dismissed", said.reason))
    )


@router.post(RECOMMENDATIONS + "/{recommendation_id}/reopen", summary="Want a piece of advice after all")
async def reopen_recommendation(caller: Caller, wing: Wing, recommendation_id: str) -> Envelope[Recommendation]:
    return Envelope(data=recommendation_view(await wing.advice.decide(caller, recommendation_id, "open", None)))
