"""What every command begins with: the settings, or an end that says what is wrong with them."""

import os
from typing import Any

import click

from server.environment import SettingsError, read_settings
from server.settings import Settings

__all__ = ["settings_or_exit"]


def settings_or_exit(**given: Any) -> Settings:
    """The settings of this process; options of the command line win. Ends with 2 when one cannot be understood."""
    try:
        return read_settings(os.environ, **given)
    except SettingsError as error:
        for fault in error.faults:
            click.echo(f"counterpoint: {fault}", err=True)
        click.echo("counterpoint: see docs/reference/settings.md for every setting", err=True)
        raise SystemExit(2) from None
