"""What is told of changed accounts: to their owners, and in the workspaces where their names stand."""

from persistence.accounts import AccountRow, ChangedAccount
from server.events.accounts import AccountChanged, AccountCreated
from server.events.model import Event
from server.events.workspaces import MemberRenamed

__all__ = ["changed_events", "created_event"]


def created_event(made: AccountRow) -> Event:
    return AccountCreated(user_id=made.id, name=made.name, role=made.role)


def changed_events(found: ChangedAccount) -> list[Event]:
    """Nothing for a change that has changed nothing."""
    before, after = found.before, found.after
    if not found.changed:
        return []
    told: list[Event] = [
        AccountChanged(user_id=after.id, name=after.name, role=after.role, active=after.active, changed=found.changed)
    ]
    if after.name != before.name:
        told += [
            MemberRenamed(workspace_id=workspace, member_id=after.id, name=after.name, former_name=before.name)
            for workspace in found.workspaces
        ]
    return told
