"""`counterpoint token`: personal tokens, from the command line."""

from datetime import timedelta

import click

from server.commands.desk import SOON, Desk, at_the_desk
from server.identity.roles import Scope

__all__ = ["token"]

SCOPES = click.Choice([scope.value for scope in Scope])


@click.group(
    epilog="""\b
Examples:
  counterpoint token create ada@example.org --name "import" --scope documents:write --days 90
  counterpoint token list ada@example.org
  counterpoint token revoke ada@example.org 3f2a...
"""
)
def token() -> None:
    """Make, list and revoke personal tokens, with which programs act in somebody's name."""


@token.command(epilog='Example: counterpoint token create ada@example.org --name "import" --scope documents:write')
@click.argument("email")
@click.option("--name", required=True, help="What it is for.")
@click.option("--scope", "scopes", type=SCOPES, multiple=True, required=True, help="What it may do; can be repeated.")
@click.option("--days", type=click.IntRange(1), help="How long it is good; without it, until it is revoked.")
def create(email: str, name: str, scopes: tuple[str, ...], days: int | None) -> None:
    """Make a token for the account of EMAIL. It is printed this once."""

    async def work(desk: Desk) -> str:
        account = await desk.account(email)
        lifetime = timedelta(days=days) if days is not None else None
        made, _ = await desk.identity.tokens.create(
            desk.actor, account.id, name, [Scope(scope) for scope in scopes], lifetime
        )
        return made

    click.echo(at_the_desk(work))


@token.command("list")
@click.argument("email")
def list_(email: str) -> None:
    """List the tokens of EMAIL: id, scopes, end, last use, name."""

    async def work(desk: Desk) -> None:
        account = await desk.account(email)
        for row in await desk.identity.tokens.tokens(account.id, desk.organisation):
            ends = row.expires_at.strftime("%Y-%m-%d") if row.expires_at else "never"
            used = row.last_used_at.strftime("%Y-%m-%d %H:%M") if row.last_used_at else "never"
            click.echo(f"{row.id}\t{','.join(row.scopes)}\t{ends}\t{used}\t{row.name}")

    at_the_desk(work)


@token.command()
@click.argument("email")
@click.argument("token_id")
def revoke(email: str, token_id: str) -> None:
    """End the token TOKEN_ID of EMAIL for good."""

    async def work(desk: Desk) -> None:
        account = await desk.account(email)
        await desk.identity.tokens.revoke(desk.actor, account.id, token_id)

    at_the_desk(work)
    click.echo(f"revoked. {SOON}")
