"""Where threads and tasks are: file, line and function, never a value, so that no secret can be in it."""

import asyncio
import sys
import threading
from pathlib import Path
from types import CodeType, FrameType

__all__ = ["place_of", "stack_of", "task_stacks", "thread_stacks"]

DEEPEST = 40
MOST_TASKS = 200
ROOT = Path(__file__).parents[2]
OURS = tuple(f"{ROOT / package}/" for package in ("server", "crdt", "persistence"))


def stack_of(frame: FrameType | None) -> str:
    """A line for each frame, the innermost first; of a very deep stack the outermost are left out."""
    lines: list[str] = []
    while frame is not None and len(lines) < DEEPEST:
        lines.append(_place(frame.f_code, frame.f_lineno))
        frame = frame.f_back
    return "\n".join([*lines, "..."] if frame is not None else lines)


def place_of(frame: FrameType | None) -> str:
    """The innermost function of ours: what to look at first; where there is none, the innermost of all."""
    innermost = frame
    while frame is not None:
        if frame.f_code.co_filename.startswith(OURS):
            innermost = frame
            break
        frame = frame.f_back
    return "nowhere" if innermost is None else f"{_file(innermost.f_code)} {innermost.f_code.co_qualname}"


def thread_stacks(*, without: frozenset[int] = frozenset()) -> str:
    """Every thread of the process, but for these idents."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    return "\n\n".join(
        f"thread {names.get(ident, 'of no name')}\n{stack_of(frame)}"
        # The interpreter's own table, a copy: the only way to another thread's frames.
        for ident, frame in sys._current_frames().items()  # noqa: SLF001
        if ident not in without
    )


def task_stacks(loop: asyncio.AbstractEventLoop) -> str:
    """Every task of the loop by its name, and the lines at which it waits. Call it on the loop's thread."""
    tasks = sorted(asyncio.all_tasks(loop), key=asyncio.Task.get_name)
    told = [f"task {task.get_name()}\n{_waits_at(task)}" for task in tasks[:MOST_TASKS]]
    if len(tasks) > MOST_TASKS:
        told.append(f"and {len(tasks) - MOST_TASKS} more")
    return "\n\n".join(told)


def _waits_at(task: "asyncio.Task[object]") -> str:
    return "\n".join(_place(frame.f_code, frame.f_lineno) for frame in reversed(task.get_stack()))


def _place(code: CodeType, line: int | None) -> str:
    return f"{_file(code)}:{line} {code.co_qualname}"


def _file(code: CodeType) -> str:
    """The last three parts of the path: enough to know the file, and silent about the machine."""
    return "/".join(code.co_filename.split("/")[-3:])
