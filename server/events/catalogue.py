"""The one table of all events: what each is called by each door, who may see it, and how it reads in a feed."""

from collections.abc import Mapping
from types import MappingProxyType

from server.events import accounts as a
from server.events import advice as v
from server.events import alerts as t
from server.events import comments as c
from server.events import documents as d
from server.events import escalations as e
from server.events import invitations as i
from server.events import metrics as m
from server.events import notifications as n
from server.events import sources as s
from server.events import webhooks as h
from server.events import workspaces as w
from server.events.model import Event
from server.events.rows import STREAM_PERMISSIONS, Row, StreamKind, row

__all__ = ["CATALOGUE", "EVENT_OF_TYPE", "FLEETING", "KINDS", "STREAM_PERMISSIONS", "Row", "StreamKind", "row_of"]


def _alert(name: str, feed_type: str, summary: str, *, priority: int = 2) -> Row:
    return row(name, feed_type, "alerts", summary, permission="alerts.view", priority=priority)


CATALOGUE: Mapping[type[Event], Row] = MappingProxyType(
    {
        # Workspaces and who is in them.
        w.WorkspaceCreated: row(
            "workspace.created", "workspace_created", "workspace", "{actor} made the workspace {event.workspace.name}"
        ),
        w.WorkspaceUpdated: row(
            "workspace.updated",
            "workspace_updated",
            "workspace",
            "{actor} changed the workspace {event.workspace.name}",
        ),
        w.WorkspaceDeleted: row(
            "workspace.deleted", "workspace_deleted", "workspace", "{actor} deleted the workspace {event.name}"
        ),
        w.WorkspaceRestored: row(
            "workspace.restored",
            "workspace_restored",
            "workspace",
            "{actor} restored the workspace {event.workspace.name}",
        ),
        w.OwnerChanged: row(
            "workspace.owner_changed", "workspace_updated", "workspace", "The workspace has another owner"
        ),
        w.MemberJoined: row(
            "member.joined", "user_joined", "workspace", "{event.member.username} joined as {event.member.role}"
        ),
        w.MemberLeft: row("member.left", "user_left", "workspace", "{event.name} left"),
        w.MemberRemoved: row("member.removed", "user_left", "workspace", "{actor} removed {event.name}"),
        w.MemberRoleChanged: row(
            "member.role_changed", "user_activity", "workspace", "{actor} gave {event.name} the role {event.role}"
        ),
        w.MemberRenamed: row(
            "member.renamed", "user_activity", "workspace", "{event.former_name} is called {event.name} now"
        ),
        w.MembershipBegan: row(
            "membership.began", "notification", "user", "{actor} let you into {event.workspace_name} as {event.role}"
        ),
        w.MembershipChanged: row(
            "membership.changed",
            "notification",
            "user",
            "{actor} gave you the role {event.role} in {event.workspace_name}",
        ),
        w.MembershipEnded: row(
            "membership.ended", "notification", "user", "You are no member of {event.workspace_name} any more"
        ),
        # Invitations: whom others have invited is for those who may invite.
        i.MemberInvited: row(
            "member.invited", "user_activity", "workspace", "{actor} invited {event.email}", role="admin", priority=2
        ),
        i.InvitationRevoked: row(
            "invitation.revoked",
            "user_activity",
            "workspace",
            "{actor} took the invitation of {event.email} back",
            role="admin",
            priority=2,
        ),
        i.InvitationAccepted: row(
            "invitation.accepted",
            "user_activity",
            "workspace",
            "{actor} accepted the invitation of {event.email}",
            role="admin",
            priority=2,
        ),
        i.InvitationReceived: row(
            "invitation.received", "notification", "user", "{event.inviter_name} invites you to {event.workspace_name}"
        ),
        i.InvitationWithdrawn: row(
            "invitation.withdrawn", "notification", "user", "The invitation to {event.workspace_name} was taken back"
        ),
        # Documents.
        d.DocumentCreated: row(
            "document.created", "document_shared", "workspace", "{actor} made {event.document.title}"
        ),
        d.DocumentRenamed: row(
            "document.renamed", "document_updated", "workspace", "{actor} renamed {event.former_title} to {event.title}"
        ),
        d.DocumentTypeChanged: row(
            "document.type_changed", "document_updated", "workspace", "{actor} made {event.title} a {event.type}"
        ),
        d.DocumentDeleted: row("document.deleted", "document_deleted", "workspace", "{actor} deleted {event.title}"),
        d.DocumentRestored: row(
            "document.restored", "document_restored", "workspace", "{actor} restored {event.document.title}"
        ),
        d.DocumentBranchKept: row(
            "document.branch_kept",
            "document_updated",
            "workspace",
            "A copy of {event.title} of before a restore is kept for {event.branch.user_name}",
        ),
        d.DocumentBranchMerged: row(
            "document.branch_merged",
            "document_updated",
            "workspace",
            "{actor} merged a kept copy of {event.branch.user_name} into {event.title}",
        ),
        d.DocumentBranchDiscarded: row(
            "document.branch_discarded",
            "document_updated",
            "workspace",
            "{actor} discarded a kept copy of {event.title}",
        ),
        # Comments on documents.
        c.CommentAdded: row(
            "comment.added", "comment_added", "workspace", "{actor} commented on {event.document_title}"
        ),
        c.CommentEdited: row(
            "comment.edited", "comment_edited", "workspace", "{actor} edited a comment on {event.document_title}"
        ),
        c.CommentDeleted: row(
            "comment.deleted", "comment_deleted", "workspace", "{actor} deleted a comment on {event.document_title}"
        ),
        c.CommentReacted: row(
            "comment.reacted",
            "comment_reacted",
            "workspace",
            "{actor} reacted with {event.emoji} to a comment on {event.document_title}",
            priority=2,
        ),
        c.ThreadResolved: row(
            "thread.resolved", "thread_resolved", "workspace", "{actor} resolved a thread on {event.document_title}"
        ),
        c.ThreadReopened: row(
            "thread.reopened", "thread_reopened", "workspace", "{actor} reopened a thread on {event.document_title}"
        ),
        c.AnchorOrphaned: row(
            "anchor.orphaned",
            "anchor_orphaned",
            "workspace",
            "The text of a thread on {event.document_title} was deleted",
            priority=2,
        ),
        # Somebody's inbox.
        n.NotificationChanged: row(
            "notification.changed", "notification", "user", "{event.item.title}", permission="account.view"
        ),
        n.NotificationRemoved: row(
            "notification.removed",
            "notification",
            "user",
            "A notification was removed",
            permission="account.view",
            priority=1,
        ),
        n.NotificationsRead: row(
            "notification.all_read",
            "notification",
            "user",
            "All notifications were read",
            permission="account.view",
            priority=1,
        ),
        n.NotificationsSeen: row(
            "notification.all_seen",
            "notification",
            "user",
            "All notifications were seen",
            permission="account.view",
            priority=1,
        ),
        # Somebody's own account.
        a.AccountCreated: row(
            "account.created", "user_activity", "user", "{actor} made your account", permission="account.view"
        ),
        a.AccountChanged: row(
            "account.changed", "user_activity", "user", "{actor} changed your account", permission="account.view"
        ),
        a.AccountDisconnected: row(
            "account.disconnected",
            "user_activity",
            "user",
            "{actor} closed connections of yours: {event.reason}",
            permission="account.view",
        ),
        a.PasswordChanged: row(
            "account.password_changed", "user_activity", "user", "Your password was changed", permission="account.view"
        ),
        a.TokenCreated: row(
            "token.created",
            "user_activity",
            "user",
            "The token {event.name} was made for your account",
            permission="account.view",
        ),
        a.TokenRevoked: row(
            "token.revoked", "user_activity", "user", "A token of your account was revoked", permission="account.view"
        ),
        # Escalations.
        e.EscalationStarted: row(
            "escalation.started",
            "escalation_started",
            "incidents",
            "{actor} escalates {event.escalation.title}",
            permission="security.view",
            priority=5,
        ),
        e.EscalationStepped: row(
            "escalation.stepped",
            "escalation_stepped",
            "incidents",
            "{event.people} were told of {event.escalation.title}",
            permission="security.view",
            priority=4,
        ),
        e.EscalationAcknowledged: row(
            "escalation.acknowledged",
            "escalation_acknowledged",
            "incidents",
            "{actor} acknowledged {event.escalation.title}",
            permission="security.view",
            priority=4,
        ),
        e.EscalationExhausted: row(
            "escalation.exhausted",
            "escalation_exhausted",
            "incidents",
            "Nobody has acknowledged {event.escalation.title}",
            permission="security.view",
            priority=5,
        ),
        e.EscalationEnded: row(
            "escalation.ended",
            "escalation_ended",
            "incidents",
            "{actor} ended the escalation of {event.escalation.title}",
            permission="security.view",
        ),
        # Alerts.
        t.AlertOpened: _alert("alert.opened", "performance_alert", "{event.alert.title}", priority=5),
        t.AlertRaised: _alert("alert.raised", "performance_alert", "It is worse: {event.alert.title}", priority=5),
        t.AlertAcknowledged: _alert(
            "alert.acknowledged", "alert_acknowledged", "{actor} acknowledged: {event.alert.title}"
        ),
        t.AlertResolved: _alert("alert.resolved", "alert_resolved", "Resolved by {actor}: {event.alert.title}"),
        t.AlertReopened: _alert(
            "alert.reopened", "performance_alert", "{actor} reopened: {event.alert.title}", priority=4
        ),
        t.AlertUnmuted: _alert(
            "alert.unmuted", "performance_alert", "No longer silenced: {event.alert.title}", priority=4
        ),
        t.ThresholdCreated: _alert(
            "threshold.created", "threshold_created", "{actor} set a threshold for {event.threshold.metric_name}"
        ),
        t.ThresholdChanged: _alert(
            "threshold.changed", "threshold_updated", "{actor} changed a threshold for {event.threshold.metric_name}"
        ),
        t.ThresholdDeleted: _alert(
            "threshold.deleted", "threshold_deleted", "{actor} removed a threshold for {event.threshold.metric_name}"
        ),
        t.SilenceStarted: _alert(
            "silence.started", "status_update", "{actor} began a silence: {event.silence.comment}"
        ),
        t.SilenceEnded: _alert("silence.ended", "status_update", "{actor} ended a silence: {event.silence.comment}"),
        # Data sources.
        s.SourceCreated: row(
            "data_source.created",
            "data_source_created",
            "sources",
            "{actor} added the data source {event.data_source_name}",
            permission="performance.view",
        ),
        s.SourceUpdated: row(
            "data_source.updated",
            "data_source_updated",
            "sources",
            "{actor} changed the data source {event.data_source_name}",
            permission="performance.view",
        ),
        s.SourceDeleted: row(
            "data_source.deleted",
            "data_source_deleted",
            "sources",
            "{actor} removed the data source {event.data_source_name}",
            permission="performance.view",
        ),
        s.SourceStatusChanged: row(
            "data_source.status_changed",
            "data_source_status_changed",
            "sources",
            "{event.data_source_name} is {event.status}",
            permission="performance.view",
            priority=4,
        ),
        v.RecommendationCreated: row(
            "recommendation.created",
            "recommendation_created",
            "sources",
            "{event.data_source_name}: {event.title}",
            permission="performance.view",
            priority=2,
        ),
        v.RecommendationDecided: row(
            "recommendation.decided",
            "status_update",
            "sources",
            "{actor} decided ({event.state}): {event.title}",
            permission="performance.view",
            priority=2,
        ),
        s.SourceMonitored: row(
            "data_source.monitored",
            "status_update",
            "sources",
            "The sampling of {event.data_source_name} is {event.state}",
            permission="performance.view",
        ),
        # Webhooks that rest on one's right.
        h.WebhookAdded: row(
            "webhook.added",
            "user_activity",
            "user",
            "{actor} added a webhook to {event.host}",
            permission="account.view",
        ),
        h.WebhookChanged: row(
            "webhook.changed",
            "user_activity",
            "user",
            "{actor} changed the webhook to {event.host}",
            permission="account.view",
        ),
        h.WebhookDisabled: row(
            "webhook.disabled",
            "notification",
            "user",
            "The webhook to {event.host} was disabled: {event.reason}",
            permission="account.view",
            priority=4,
        ),
        h.WebhookRemoved: row(
            "webhook.removed",
            "user_activity",
            "user",
            "{actor} removed the webhook to {event.host}",
            permission="account.view",
        ),
        h.WebhookTested: row(
            "webhook.tested",
            "user_activity",
            "user",
            "{actor} tested the webhook to {event.host}",
            permission="account.view",
            priority=1,
        ),
    }
)

FLEETING: Mapping[type[Event], Row] = MappingProxyType(
    {
        m.MetricsMeasured: row(
            "metrics.measured",
            "metrics_update",
            "metrics",
            "Data source {event.data_source_id} was measured",
            permission="performance.view",
            priority=1,
        ),
    }
)
"""Events that are told to those who listen and kept nowhere: they have no offset, and nobody is told them later."""

KINDS: Mapping[type[Event], Row] = MappingProxyType({**CATALOGUE, **FLEETING})
EVENT_OF_TYPE: Mapping[str, type[Event]] = MappingProxyType({row.type: kind for kind, row in KINDS.items()})
"""By the CloudEvents type. A later version of the program may have written others."""


def row_of(event: Event) -> Row:
    """Raises KeyError for a kind without a row."""
    return KINDS[type(event)]
