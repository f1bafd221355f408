"""Questions that are asked again and again by every node: their text is made once, and needs no transaction."""

from typing import Any

from sqlalchemy import Select

__all__ = ["Question"]


class Question:
    """A query of plain columns (texts, numbers), whose values are named by `bindparam`."""

    def __init__(self, query: Select[*tuple[Any, ...]]) -> None:
        self.query = query
