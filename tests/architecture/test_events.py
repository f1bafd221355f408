"""Whoever changes something tells it: every mutating route and every command has its events in a table, or a reason."""

import click

from server.cli import main
from server.identity.policy import ROUTES as POLICY
from tests.server.events.changes import COMMANDS, ROUTES, SILENT_COMMANDS, SILENT_ROUTES

READING = {"GET"}


def commands(group: click.Group, *before: str) -> set[str]:
    """Every command by its words."""
    found: set[str] = set()
    for name, command in group.commands.items():
        found |= commands(command, *before, name) if isinstance(command, click.Group) else {" ".join((*before, name))}
    return found


def test_every_route_that_changes_something_says_which_events_it_writes() -> None:
    mutating = {route for route in POLICY if route[0] not in READING}
    assert mutating - set(ROUTES) - set(SILENT_ROUTES) == set(), "add rows to tests/server/events/changes.py"
    assert (set(ROUTES) | set(SILENT_ROUTES)) - mutating == set(), "there are no such routes"


def test_every_command_says_which_events_it_writes() -> None:
    assert commands(main) - set(COMMANDS) - set(SILENT_COMMANDS) == set(), "add rows to tests/server/events/changes.py"
    assert (set(COMMANDS) | set(SILENT_COMMANDS)) - commands(main) == set(), "there are no such commands"


def test_a_row_has_events_or_a_reason_and_not_both() -> None:
    assert all(change.events for change in ROUTES.values())
    assert all(COMMANDS.values())
    assert all(SILENT_ROUTES.values())
    assert not set(ROUTES) & set(SILENT_ROUTES)
