"""`counterpoint user`: accounts, from the command line."""

import click
from pydantic import ValidationError

from server.commands.desk import COMMAND_LINE, SOON, Desk, at_the_desk
from server.events.model import system_actor
from server.identity.accounts import AccountChanges
from server.identity.model import NewUserRequest
from server.identity.roles import OrganisationRole

__all__ = ["user"]

ROLES = click.Choice([role.value for role in OrganisationRole])


@click.group(
    epilog="""\b
Examples:
  counterpoint user add ada@example.org --name "Ada" --role admin
  counterpoint user list
  counterpoint user password ada@example.org
  counterpoint user role ben@example.org viewer
"""
)
def user() -> None:
    """Add people, list them, and change their passwords and roles."""


@user.command(epilog='Example: counterpoint user add ada@example.org --name "Ada" --role admin')
@click.argument("email")
@click.option("--name", help="The name that others see; the first part of the address when not given.")
@click.option("--organisation", metavar="NAME", help="The organisation, made now if there is none of this name.")
@click.option("--role", type=ROLES, default="data_analyst", show_default=True, help="The role in the organisation.")
@click.password_option(help="Asked for when not given; given here, others on this machine may see it.")
def add(email: str, name: str | None, organisation: str | None, role: str, password: str) -> None:
    """Add an account that signs in with EMAIL and a password.

    Without --organisation it belongs to the one that was made at the first start. Organisations see nothing of each
    other.
    """

    new = _checked({"email": email, "name": name or email.partition("@")[0], "password": password, "role": role})

    async def work(desk: Desk) -> str:
        place = desk.organisation if organisation is None else (await desk.identity.setup.organisation(organisation)).id
        row = await desk.identity.accounts.create(
            system_actor(place, COMMAND_LINE), email=new.email, name=new.name, password=new.password, role=new.role
        )
        return row.id

    click.echo(f"added {email} as {role} ({at_the_desk(work)})")


@user.command("list")
def list_() -> None:
    """List everybody: address, role, state, when last seen, name."""

    async def work(desk: Desk) -> None:
        for row in await desk.identity.accounts.accounts(desk.organisation):
            seen = row.last_seen_at.strftime("%Y-%m-%d %H:%M") if row.last_seen_at else "never"
            state = "active" if row.active else "barred"
            click.echo(f"{row.email or row.external_subject or row.id}\t{row.role}\t{state}\t{seen}\t{row.name}")

    at_the_desk(work)


@user.command(epilog="Example: counterpoint user password ada@example.org")
@click.argument("email")
@click.password_option(help="Asked for when not given; given here, others on this machine may see it.")
def password(email: str, password: str) -> None:
    """Give the account of EMAIL a new password; its sessions end."""
    _change(email, AccountChanges(password=password))
    click.echo(f"{email} has a new password. {SOON}")


@user.command(epilog="Example: counterpoint user role ben@example.org viewer")
@click.argument("email")
@click.argument("role", type=ROLES)
def role(email: str, role: str) -> None:
    """Give the account of EMAIL another ROLE in the organisation."""
    _change(email, AccountChanges(role=OrganisationRole(role)))
    click.echo(f"{email} is {role} now. {SOON}")


def _checked(given: dict[str, str]) -> NewUserRequest:
    """By the same rules as over HTTP. The password is never in what is told."""
    try:
        return NewUserRequest.model_validate(given)
    except ValidationError as error:
        faults = [f"{each['loc'][0]}: {each['msg']}" for each in error.errors(include_input=False)]
        raise click.ClickException("; ".join(faults)) from None


def _change(email: str, changes: AccountChanges) -> None:
    async def work(desk: Desk) -> None:
        account = await desk.account(email)
        await desk.identity.accounts.change(desk.actor, account.id, changes)

    at_the_desk(work)
