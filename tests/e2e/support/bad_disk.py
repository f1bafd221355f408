"""A disk that fails or stalls when told to: fsync(2) and fdatasync(2) of a process, in a preloaded library."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

__all__ = ["BadDisk"]

SOURCE = Path(__file__).with_name("bad_disk.c")


class BadDisk:
    """`environment`: of the process whose disk it is. `why_not`: why it cannot be had on this machine, or None."""

    def __init__(self, folder: Path) -> None:
        self._library = folder / "bad_disk.so"
        self._ways = {way: folder / f"disk.{way}" for way in ("fails", "stalls")}
        self.why_not = self._build()

    @property
    def environment(self) -> Mapping[str, str]:
        ways = {f"BAD_DISK_{way.upper()}": str(path) for way, path in self._ways.items()}
        return {"LD_PRELOAD": str(self._library), **ways}

    @contextmanager
    def that(self, way: str) -> Iterator[None]:
        """`fails`: with EIO; `stalls`: does not come back."""
        self._ways[way].touch()
        yield
        self._ways[way].unlink()

    def _build(self) -> str | None:
        compiler = shutil.which("cc")
        if sys.platform != "linux" or compiler is None:
            return "it takes Linux and a C compiler"
        command = [compiler, "-shared", "-fPIC", "-o", str(self._library), str(SOURCE), "-ldl"]
        built = subprocess.run(command, capture_output=True, text=True, check=False)
        return None if built.returncode == 0 else f"the C compiler says: {built.stderr[:200]}"
