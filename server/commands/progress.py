"""How far a command is that takes long: a bar on a terminal, a line for each tenth elsewhere."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

import click

__all__ = ["Progress", "progress"]

WORDS = {"copy": "copying", "check": "checking"}


class Bar(Protocol):
    def update(self, n_steps: int) -> None: ...


class Progress:
    """`told` first, with the rows of each table; each of them is dealt with once in each of the phases."""

    def __init__(self, phases: int, bar: bool) -> None:
        self._phases = phases
        self._is_bar = bar
        self._total = 0
        self._done = 0
        self._bar: click._termui_impl.ProgressBar[int] | None = None

    def told(self, rows: Mapping[str, int]) -> None:
        self._total = sum(rows.values()) * self._phases
        if self._is_bar:
            self._bar = click.progressbar(length=self._total, file=sys.stderr, show_pos=True)
            self._bar.__enter__()

    def moved(self, phase: str, table: str, rows: int) -> None:
        before, self._done = self._done, self._done + rows
        if self._bar is not None:
            self._bar.label = f"{WORDS[phase]} {table}"
            self._bar.update(rows)
        elif self._total and self._done * 10 // self._total > before * 10 // self._total:
            percent = self._done * 100 // self._total
            click.echo(f"{percent:3} %  {self._done} of {self._total} rows; {WORDS[phase]} {table}", err=True)

    def end(self) -> None:
        if self._bar is not None:
            self._bar.render_finish()


@contextmanager
def progress(phases: int) -> Iterator[Progress]:
    shown = Progress(phases, sys.stderr.isatty())
    try:
        yield shown
    finally:
        shown.end()
