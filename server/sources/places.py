"""What of this machine may be watched: SQLite files in folders that the operator names, and the machine itself.

Both read what is the operator's, so they are only for the organisation that runs the server; others are its guests.
"""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from server.errors import SourceRefused

__all__ = ["Places"]

RunsTheServer = Callable[[str], Awaitable[bool]]
LOCAL = frozenset({"sqlite", "host"})


class Places:
    def __init__(self, folders: Sequence[Path], runs_the_server: RunsTheServer) -> None:
        self._folders = tuple(folders)
        self._runs_the_server = runs_the_server

    async def check(self, organisation: str, source_type: str, path: str) -> None:
        """Raises SourceRefused, with what the operator can do about it."""
        if source_type not in LOCAL:
            return
        if not await self._runs_the_server(organisation):
            raise SourceRefused("Only the organisation that runs the server may watch this machine and its files.")
        if source_type == "sqlite":
            self._check_file(path)

    def _check_file(self, path: str) -> None:
        if "\0" in path or not Path(path).is_absolute():
            raise SourceRefused("A SQLite file is named by its full path.")
        # Links are followed before the look: a link in a folder leads nowhere else.
        real = Path(path).resolve()
        if not any(real.is_relative_to(folder.resolve()) for folder in self._folders):
            raise SourceRefused(
                "It is in none of the folders that the operator has named by COUNTERPOINT_SOURCE_PATHS."
            )
