"""What a caller of the store must be able to tell apart; all else that a driver raises is a fault of ours."""

__all__ = ["StoreUnavailable"]


class StoreUnavailable(Exception):
    """The store cannot be reached or refuses now: locked, full, failing, restarting. Nothing was lost: try again."""
