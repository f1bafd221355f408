"""The one table of all events: what each is called by each door, who may see it, and how it reads in a feed."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from server.events import accounts as a
from server.events import comments as c
from server.events import documents as d
from server.events import escalations as e
from server.events import invitations as i
from server.events import notifications as n
from server.events import sources as s
from server.events import webhooks as h
from server.events import workspaces as w
from server.events.model import Event

__all__ = ["CATALOGUE", "EVENT_OF_TYPE", "STREAM_PERMISSIONS", "Row", "StreamKind", "row_of"]

StreamKind = Literal["workspace", "user", "alerts", "incidents", "threats", "workflow", "sources"]
"""The part of a channel's name before the colon."""
LeastRole = Literal["viewer", "editor", "admin", "owner"]

STREAM_PERMISSIONS: Mapping[StreamKind, str] = MappingProxyType(
    {
        "workspace": "collaboration.view",
        "user": "account.view",
        "alerts": "alerts.view",
        "incidents": "security.view",
        "threats": "security.view",
        "workflow": "workflow.view",
        "sources": "performance.view",
    }
)
"""The permission in the organisation that listening takes; besides, one is a member of the workspace, or the user."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of a kind of event.

    type          the CloudEvents type; a change that old readers would misread gets a new number
    feed_type     the type of its message in `/ws/data-sources`
    stream        the kind of stream that it stands in
    summary       a line for people: `{actor}`, and fields of the event
    permission    the permission in the organisation without which nobody sees it
    role          the least role in the workspace to see it, where that is more than being a member
    priority      1 (can wait) to 5 (at once), as `/ws/data-sources` says it
    """

    type: str
    feed_type: str
    stream: StreamKind
    summary: str
    permission: str = "collaboration.view"
    role: LeastRole = "viewer"
    priority: int = 3

    @property
    def is_narrow(self) -> bool:
        """Not everybody who may listen to the stream may see it."""
        return self.role != "viewer" or self.permission != STREAM_PERMISSIONS[self.stream]


def _row(
    name: str,
    feed_type: str,
    stream: StreamKind,
    summary: str,
    *,
    permission: str = "collaboration.view",
    role: LeastRole = "viewer",
    priority: int = 3,
) -> Row:
    return Row(f"counterpoint.{name}.v1", feed_type, stream, summary, permission, role, priority)


CATALOGUE: Mapping[type[Event], Row] = MappingProxyType(
    {
        # Workspaces and who is in them.
        w.WorkspaceCreated: _row(
            "workspace.created", "workspace_created", "workspace", "{actor} made the workspace {event.workspace.name}"
        ),
        w.WorkspaceUpdated: _row(
            "workspace.updated",
            "workspace_updated",
            "workspace",
            "{actor} changed the workspace {event.workspace.name}",
        ),
        w.WorkspaceDeleted: _row(
            "workspace.deleted", "workspace_deleted", "workspace", "{actor} deleted the workspace {event.name}"
        ),
        w.WorkspaceRestored: _row(
            "workspace.restored",
            "workspace_restored",
            "workspace",
            "{actor} restored the workspace {event.workspace.name}",
        ),
        w.OwnerChanged: _row(
            "workspace.owner_changed", "workspace_updated", "workspace", "The workspace has another owner"
        ),
        w.MemberJoined: _row(
            "member.joined", "user_joined", "workspace", "{event.member.username} joined as {event.member.role}"
        ),
        w.MemberLeft: _row("member.left", "user_left", "workspace", "{event.name} left"),
        w.MemberRemoved: _row("member.removed", "user_left", "workspace", "{actor} removed {event.name}"),
        w.MemberRoleChanged: _row(
            "member.role_changed", "user_activity", "workspace", "{actor} gave {event.name} the role {event.role}"
        ),
        w.MemberRenamed: _row(
            "member.renamed", "user_activity", "workspace", "{event.former_name} is called {event.name} now"
        ),
        w.MembershipBegan: _row(
            "membership.began", "notification", "user", "{actor} let you into {event.workspace_name} as {event.role}"
        ),
        w.MembershipChanged: _row(
            "membership.changed",
            "notification",
            "user",
            "{actor} gave you the role {event.role} in {event.workspace_name}",
        ),
        w.MembershipEnded: _row(
            "membership.ended", "notification", "user", "You are no member of {event.workspace_name} any more"
        ),
        # Invitations: whom others have invited is for those who may invite.
        i.MemberInvited: _row(
            "member.invited", "user_activity", "workspace", "{actor} invited {event.email}", role="admin", priority=2
        ),
        i.InvitationRevoked: _row(
            "invitation.revoked",
            "user_activity",
            "workspace",
            "{actor} took the invitation of {event.email} back",
            role="admin",
            priority=2,
        ),
        i.InvitationAccepted: _row(
            "invitation.accepted",
            "user_activity",
            "workspace",
            "{actor} accepted the invitation of {event.email}",
            role="admin",
            priority=2,
        ),
        i.InvitationReceived: _row(
            "invitation.received", "notification", "user", "{event.inviter_name} invites you to {event.workspace_name}"
        ),
        i.InvitationWithdrawn: _row(
            "invitation.withdrawn", "notification", "user", "The invitation to {event.workspace_name} was taken back"
        ),
        # Documents.
        d.DocumentCreated: _row(
            "document.created", "document_shared", "workspace", "{actor} made {event.document.title}"
        ),
        d.DocumentRenamed: _row(
            "document.renamed", "document_updated", "workspace", "{actor} renamed {event.former_title} to {event.title}"
        ),
        d.DocumentTypeChanged: _row(
            "document.type_changed", "document_updated", "workspace", "{actor} made {event.title} a {event.type}"
        ),
        d.DocumentDeleted: _row("document.deleted", "document_deleted", "workspace", "{actor} deleted {event.title}"),
        d.DocumentRestored: _row(
            "document.restored", "document_restored", "workspace", "{actor} restored {event.document.title}"
        ),
        d.DocumentBranchKept: _row(
            "document.branch_kept",
            "document_updated",
            "workspace",
            "A copy of {event.title} of before a restore is kept for {event.branch.user_name}",
        ),
        d.DocumentBranchMerged: _row(
            "document.branch_merged",
            "document_updated",
            "workspace",
            "{actor} merged a kept copy of {event.branch.user_name} into {event.title}",
        ),
        d.DocumentBranchDiscarded: _row(
            "document.branch_discarded",
            "document_updated",
            "workspace",
            "{actor} discarded a kept copy of {event.title}",
        ),
        # Comments on documents.
        c.CommentAdded: _row(
            "comment.added", "comment_added", "workspace", "{actor} commented on {event.document_title}"
        ),
        c.CommentEdited: _row(
            "comment.edited", "comment_edited", "workspace", "{actor} edited a comment on {event.document_title}"
        ),
        c.CommentDeleted: _row(
            "comment.deleted", "comment_deleted", "workspace", "{actor} deleted a comment on {event.document_title}"
        ),
        c.CommentReacted: _row(
            "comment.reacted",
            "comment_reacted",
            "workspace",
            "{actor} reacted with {event.emoji} to a comment on {event.document_title}",
            priority=2,
        ),
        c.ThreadResolved: _row(
            "thread.resolved", "thread_resolved", "workspace", "{actor} resolved a thread on {event.document_title}"
        ),
        c.ThreadReopened: _row(
            "thread.reopened", "thread_reopened", "workspace", "{actor} reopened a thread on {event.document_title}"
        ),
        c.AnchorOrphaned: _row(
            "anchor.orphaned",
            "anchor_orphaned",
            "workspace",
            "The text of a thread on {event.document_title} was deleted",
            priority=2,
        ),
        # Somebody's inbox.
        n.NotificationChanged: _row(
            "notification.changed", "notification", "user", "{event.item.title}", permission="account.view"
        ),
        n.NotificationRemoved: _row(
            "notification.removed",
            "notification",
            "user",
            "A notification was removed",
            permission="account.view",
            priority=1,
        ),
        n.NotificationsRead: _row(
            "notification.all_read",
            "notification",
            "user",
            "All notifications were read",
            permission="account.view",
            priority=1,
        ),
        n.NotificationsSeen: _row(
            "notification.all_seen",
            "notification",
            "user",
            "All notifications were seen",
            permission="account.view",
            priority=1,
        ),
        # Somebody's own account.
        a.AccountCreated: _row(
            "account.created", "user_activity", "user", "{actor} made your account", permission="account.view"
        ),
        a.AccountChanged: _row(
            "account.changed", "user_activity", "user", "{actor} changed your account", permission="account.view"
        ),
        a.AccountDisconnected: _row(
            "account.disconnected",
            "user_activity",
            "user",
            "{actor} closed connections of yours: {event.reason}",
            permission="account.view",
        ),
        a.PasswordChanged: _row(
            "account.password_changed", "user_activity", "user", "Your password was changed", permission="account.view"
        ),
        a.TokenCreated: _row(
            "token.created",
            "user_activity",
            "user",
            "The token {event.name} was made for your account",
            permission="account.view",
        ),
        a.TokenRevoked: _row(
            "token.revoked", "user_activity", "user", "A token of your account was revoked", permission="account.view"
        ),
        # Escalations.
        e.EscalationStarted: _row(
            "escalation.started",
            "escalation_started",
            "incidents",
            "{actor} escalates {event.escalation.title}",
            permission="security.view",
            priority=5,
        ),
        e.EscalationStepped: _row(
            "escalation.stepped",
            "escalation_stepped",
            "incidents",
            "{event.people} were told of {event.escalation.title}",
            permission="security.view",
            priority=4,
        ),
        e.EscalationAcknowledged: _row(
            "escalation.acknowledged",
            "escalation_acknowledged",
            "incidents",
            "{actor} acknowledged {event.escalation.title}",
            permission="security.view",
            priority=4,
        ),
        e.EscalationExhausted: _row(
            "escalation.exhausted",
            "escalation_exhausted",
            "incidents",
            "Nobody has acknowledged {event.escalation.title}",
            permission="security.view",
            priority=5,
        ),
        e.EscalationEnded: _row(
            "escalation.ended",
            "escalation_ended",
            "incidents",
            "{actor} ended the escalation of {event.escalation.title}",
            permission="security.view",
        ),
        # Data sources.
        s.SourceCreated: _row(
            "data_source.created",
            "data_source_created",
            "sources",
            "{actor} added the data source {event.data_source_name}",
            permission="performance.view",
        ),
        s.SourceUpdated: _row(
            "data_source.updated",
            "data_source_updated",
            "sources",
            "{actor} changed the data source {event.data_source_name}",
            permission="performance.view",
        ),
        s.SourceDeleted: _row(
            "data_source.deleted",
            "data_source_deleted",
            "sources",
            "{actor} removed the data source {event.data_source_name}",
            permission="performance.view",
        ),
        s.SourceStatusChanged: _row(
            "data_source.status_changed",
            "data_source_status_changed",
            "sources",
            "{event.data_source_name} is {event.status}",
            permission="performance.view",
            priority=4,
        ),
        s.SourceMonitored: _row(
            "data_source.monitored",
            "status_update",
            "sources",
            "The sampling of {event.data_source_name} is {event.state}",
            permission="performance.view",
        ),
        # Webhooks that rest on one's right.
        h.WebhookAdded: _row(
            "webhook.added",
            "user_activity",
            "user",
            "{actor} added a webhook to {event.host}",
            permission="account.view",
        ),
        h.WebhookChanged: _row(
            "webhook.changed",
            "user_activity",
            "user",
            "{actor} changed the webhook to {event.host}",
            permission="account.view",
        ),
        h.WebhookDisabled: _row(
            "webhook.disabled",
            "notification",
            "user",
            "The webhook to {event.host} was disabled: {event.reason}",
            permission="account.view",
            priority=4,
        ),
        h.WebhookRemoved: _row(
            "webhook.removed",
            "user_activity",
            "user",
            "{actor} removed the webhook to {event.host}",
            permission="account.view",
        ),
        h.WebhookTested: _row(
            "webhook.tested",
            "user_activity",
            "user",
            "{actor} tested the webhook to {event.host}",
            permission="account.view",
            priority=1,
        ),
    }
)

EVENT_OF_TYPE: Mapping[str, type[Event]] = MappingProxyType({row.type: kind for kind, row in CATALOGUE.items()})
"""By the CloudEvents type. A later version of the program may have written others."""


def row_of(event: Event) -> Row:
    """Raises KeyError for a kind without a row."""
    return CATALOGUE[type(event)]
