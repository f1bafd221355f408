"""What becomes of advice: told in the stream of sources."""

from server.events.sources import SourceEvent

__all__ = ["RecommendationCreated", "RecommendationDecided"]


class RecommendationCreated(SourceEvent):
    """There is something to improve, or again; the list has the evidence."""

    recommendation_id: str
    rule: str
    category: str
    priority: str
    title: str


class RecommendationDecided(SourceEvent):
    """Somebody does not want it (`dismissed`, with the reason), or wants it after all (`open`)."""

    recommendation_id: str
    title: str
    state: str
    reason: str | None
