"""`counterpoint doctor`: looks at everything that a start needs, and says how to mend what is wrong."""

import asyncio
import json

import click

from server.app import description
from server.commands.context import settings_or_exit
from server.commands.examination import Found, examine
from server.events import page as pages
from server.operations.settings_page import settings_page

__all__ = ["doctor"]


@click.command(
    epilog="Ends with 0 when the server can run, with 1 when it cannot, and with 2 when a setting cannot be understood."
)
@click.option("--settings-page", "page", is_flag=True, help="Print docs/reference/settings.md and end.")
@click.option("--events-page", is_flag=True, help="Print docs/reference/events.md and end.")
@click.option("--events-schema", is_flag=True, help="Print docs/reference/events.schema.json and end.")
@click.option("--events-summaries", is_flag=True, help="Print static/src/live/summaries.json and end.")
@click.option("--openapi", is_flag=True, help="Print the OpenAPI document, as /openapi.json gives it, and end.")
def doctor(*, page: bool, events_page: bool, events_schema: bool, events_summaries: bool, openapi: bool) -> None:
    """Look at everything that a start needs: settings, data folder, disk, store, web app, worker, clock, exposure."""
    for asked, made in (
        (page, settings_page),
        (events_page, pages.events_page),
        (events_schema, pages.events_schema),
        (events_summaries, pages.events_summaries),
        (openapi, _openapi),
    ):
        if asked:
            click.echo(made(), nl=False)
            return
    settings = settings_or_exit()
    click.echo("ok    settings: understood")
    found = asyncio.run(examine(settings))
    for each in found:
        _tell(each)
    if any(each.fatal and not each.well for each in found):
        raise SystemExit(1)


def _openapi() -> str:
    return json.dumps(description(), indent=2) + "\n"


def _tell(found: Found) -> None:
    word = "ok   " if found.well else "WRONG" if found.fatal else "note "
    click.echo(f"{word} {found.what}: {found.said}" + (f"\n      -> {found.mend}" if found.mend else ""))
