"""What a caller of the store must be able to tell apart; all else that a driver raises is a fault of ours."""

__all__ = ["StoreUnavailable", "Unstorable"]


class StoreUnavailable(Exception):
    """The store cannot be reached or refuses now: locked, full, failing, restarting. Nothing was lost: try again."""


class Unstorable(Exception):
    """A value that this store cannot represent, such as a NUL in a text on PostgreSQL: not to be tried again."""
