"""What ends a transfer: nothing was changed, and the sentence says what to do."""

__all__ = ["TransferRefused"]


class TransferRefused(Exception):
    """The rows cannot be carried so; the message is for whoever gave the command."""
