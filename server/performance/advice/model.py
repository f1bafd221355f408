"""Advice as it is answered (the data-sources contract, P9)."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from server.http.text import Prose

__all__ = ["Dismiss", "Recommendation"]


class Recommendation(BaseModel):
    """current_state   what it rests on: the `query`, the `rows` or `numbers` that it answered, `read_at`, and the
    `window` that the numbers are of
    """

    id: str
    data_source_id: int
    rule: str
    category: Literal["performance", "resource", "cost", "security"]
    priority: Literal["low", "medium", "high", "critical"]
    title: str
    description: str
    current_state: dict[str, Any]
    recommended_state: str
    expected_impact: str
    implementation_effort: Literal["low", "medium", "high"]
    estimated_savings: str | None
    prerequisites: list[str]
    implementation_steps: list[str]
    state: Literal["open", "dismissed", "gone"]
    reason: str | None
    first_seen_at: datetime
    last_seen_at: datetime


class Dismiss(BaseModel):
    model_config = ConfigDict(extra="ignore")

    reason: Annotated[Prose, Field(min_length=1, max_length=1_000)]
