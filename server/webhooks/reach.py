"""What a webhook may be sent: what the user on whose right it rests may see, and as long as he may have it."""

from persistence.accounts import AccountStore
from persistence.webhooks import WebhookRow
from persistence.workspaces import WorkspaceStore
from server.events.catalogue import CATALOGUE, EVENT_OF_TYPE
from server.identity.channels import may_see
from server.identity.roles import OrganisationRole, Permission, WorkspaceRole, permissions_of

__all__ = ["Reach"]


class Reach:
    """Asked anew for each event: roles change."""

    def __init__(self, accounts: AccountStore, workspaces: WorkspaceStore) -> None:
        self._accounts = accounts
        self._workspaces = workspaces

    async def may_have(self, webhook: WebhookRow) -> bool:
        """Is its owner still one who may have it?"""
        permissions = await self._permissions(webhook)
        if webhook.workspace_id is None:
            return Permission.WEBHOOKS_MANAGE in permissions
        role = await self._role(webhook.workspace_id, webhook.owner_id)
        return Permission.WORKSPACE_EDIT in permissions and role is not None and role.at_least(WorkspaceRole.ADMIN)

    async def may_be_sent(self, webhook: WebhookRow, stream: str, type_: str) -> bool:
        """May its owner see an event of this type in this stream? Of types that are not known here nobody knows it."""
        kind = EVENT_OF_TYPE.get(type_)
        if kind is None:
            return False
        at, _, id_ = stream.partition(":")
        if at == "user":
            return id_ == webhook.owner_id
        role = await self._role(id_, webhook.owner_id) if at == "workspace" else None
        return may_see(await self._permissions(webhook), role, CATALOGUE[kind])

    async def _permissions(self, webhook: WebhookRow) -> frozenset[Permission]:
        account = await self._accounts.account(webhook.organisation_id, webhook.owner_id)
        if account is None or not account.active:
            return frozenset()
        return permissions_of(OrganisationRole(account.role), None)

    async def _role(self, workspace: str, user: str) -> WorkspaceRole | None:
        """Also in a workspace that was deleted: its members are told of that."""
        member = await self._workspaces.member(workspace, user)
        return WorkspaceRole(member.role) if member is not None else None
