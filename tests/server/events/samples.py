"""One event of every kind, each with every field, and a text in it that must be kept as it is."""

from datetime import UTC, datetime

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
from server.events.model import Actor, Event

__all__ = ["ADA", "FLEETING_SAMPLES", "NOW", "SAMPLES"]

NOW = datetime(2026, 11, 23, 6, 40, 0, 123456, tzinfo=UTC)
ADA = Actor("o" * 32, "person", "u" * 32, "Ada")

W, D, U, T = "w" * 32, "d" * 32, "u" * 32, "t" * 32
TITLE = 'Plan "é🎼" </script>'
WORKSPACE = w.WorkspaceState(
    id=W,
    name=TITLE,
    type="security",
    description="",
    owner_id=U,
    settings={"notify": True},
    created_at=NOW,
    updated_at=NOW,
)
MEMBER = w.MemberState(user_id=U, username="Ben", email="ben@example.org", role="editor", joined_at=NOW)
DOCUMENT = d.DocumentState(
    id=D, workspace_id=W, title=TITLE, type="report", author_id=U, external_name=None, created_at=NOW, updated_at=NOW
)
OF_MEMBER = {"workspace_id": W, "member_id": U, "name": "Ben"}
OF_MEMBERSHIP = {"user_id": U, "workspace_id": W, "workspace_name": TITLE}
OF_DOCUMENT = {"workspace_id": W, "document_id": D}
BRANCH = d.BranchState(id="b" * 32, document_id=D, user_id=U, user_name="Ben", size=7, created_at=NOW)
OF_INVITATION = {"workspace_id": W, "invitation_id": "i" * 32, "email": "eve@example.org"}
INVITATION = i.InvitationState(
    id="i" * 32,
    email="eve@example.org",
    role="editor",
    message=TITLE,
    invited_by=U,
    inviter_name="Ada",
    created_at=NOW,
    sent_at=NOW,
    expires_at=NOW,
)
OF_MINE = {"user_id": U, "invitation_id": "i" * 32, "workspace_id": W, "workspace_name": TITLE}
OF_WEBHOOK = {"user_id": U, "webhook_id": "h" * 32, "workspace_id": W, "host": "hook.example.org"}
C = "c" * 32
COMMENT = c.CommentState(
    id=C,
    document_id=D,
    thread_id=None,
    author_id=U,
    author_name="Ada",
    content=f"@[Ben](user:{U}) {TITLE}",
    created_at=NOW,
    updated_at=NOW,
    edited_at=None,
)
COUNTS = n.CountsState(unread=2, unseen=1)
ITEM = n.NotificationState(
    id=T,
    kind="mention",
    subject=f"thread/{C}",
    severity="info",
    title=TITLE,
    text="@Ben why?",
    path=f"/documents/{D}?thread={C}",
    workspace_id=W,
    document_id=D,
    thread_id=C,
    actor=n.PersonState(id=U, name="Ada"),
    count=1,
    activities=[
        n.ActivityState(event_id="e" * 32, type="counterpoint.comment.added.v1", actor="Ada", text="@Ben why?", at=NOW)
    ],
    created_at=NOW,
    updated_at=NOW,
    notified_at=None,
    seen_at=None,
    read_at=None,
)
ESCALATION = e.EscalationState(
    id="f" * 32,
    subject="incident/42",
    severity="critical",
    title=TITLE,
    text="",
    path="/inbox",
    policy_id=None,
    policy_name=None,
    state="open",
    level=1,
    steps=2,
    told=3,
    due_at=NOW,
    started_at=NOW,
    started_by=n.PersonState(id=U, name="Ada"),
    acknowledged_at=None,
    acknowledged_by=None,
    ended_at=None,
    ended_by=None,
)
ALERT = t.AlertState(
    id=7,
    data_source_id=7,
    alert_type="threshold",
    severity="critical",
    title=TITLE,
    description="What was measured.",
    status="open",
    labels={"source": TITLE},
    conditions=[{"metric": "connections", "value": 12.0}],
    occurrences=1,
    is_firing=True,
    triggered_at=NOW,
    acknowledged_at=None,
    acknowledged_by=None,
    resolved_at=None,
    resolved_by=None,
    resolution=None,
    muted_by=None,
    correlation_id=C,
    escalation_level=0,
    version=1,
)
THRESHOLD = t.ThresholdState(
    id=7,
    metric_name="connections",
    data_source_id=None,
    operator="gt",
    warning_threshold=80,
    critical_threshold=90,
    enabled=True,
    version=1,
)
SILENCE = t.SilenceState(id=C, matchers=[], comment=TITLE, starts_at=NOW, ends_at=NOW, alert_id=7)
OF_THREAD = OF_DOCUMENT | {"document_title": TITLE, "thread_id": C}
OF_COMMENT = OF_THREAD | {"comment_id": C}
OF_SOURCE = {"data_source_id": 7, "data_source_name": TITLE}
SOURCE = s.SourceState(
    id=7,
    name=TITLE,
    source_type="postgresql",
    environment="production",
    criticality="high",
    tags=["tag"],
    status="active",
    status_reason=None,
    version=3,
)

SAMPLES: tuple[Event, ...] = (
    w.WorkspaceCreated(workspace_id=W, workspace=WORKSPACE),
    w.WorkspaceUpdated(workspace_id=W, workspace=WORKSPACE, changed=["name"]),
    w.WorkspaceDeleted(workspace_id=W, name=TITLE),
    w.WorkspaceRestored(workspace_id=W, workspace=WORKSPACE),
    w.OwnerChanged(workspace_id=W, owner_id=U),
    w.MemberJoined(workspace_id=W, member=MEMBER),
    w.MemberLeft.model_validate(OF_MEMBER),
    w.MemberRemoved.model_validate(OF_MEMBER),
    w.MemberRoleChanged.model_validate(OF_MEMBER | {"role": "viewer"}),
    w.MemberRenamed.model_validate(OF_MEMBER | {"former_name": "B."}),
    w.MembershipBegan.model_validate(OF_MEMBERSHIP | {"role": "viewer"}),
    w.MembershipChanged.model_validate(OF_MEMBERSHIP | {"role": "admin"}),
    w.MembershipEnded.model_validate(OF_MEMBERSHIP),
    i.MemberInvited.model_validate(OF_INVITATION | {"invitation": INVITATION, "renewed": False}),
    i.InvitationRevoked.model_validate(OF_INVITATION),
    i.InvitationAccepted.model_validate(OF_INVITATION | {"member_id": U}),
    i.InvitationReceived.model_validate(
        OF_MINE | {"role": "editor", "inviter_name": "Ada", "message": TITLE, "expires_at": NOW}
    ),
    i.InvitationWithdrawn.model_validate(OF_MINE),
    d.DocumentCreated.model_validate(OF_DOCUMENT | {"document": DOCUMENT}),
    d.DocumentRenamed.model_validate(OF_DOCUMENT | {"title": TITLE, "former_title": "Old", "updated_at": NOW}),
    d.DocumentTypeChanged.model_validate(OF_DOCUMENT | {"title": TITLE, "type": "policy", "updated_at": NOW}),
    d.DocumentDeleted.model_validate(OF_DOCUMENT | {"title": TITLE}),
    d.DocumentRestored.model_validate(OF_DOCUMENT | {"document": DOCUMENT}),
    *(
        kind.model_validate(OF_DOCUMENT | {"title": TITLE, "branch": BRANCH})
        for kind in (d.DocumentBranchKept, d.DocumentBranchMerged, d.DocumentBranchDiscarded)
    ),
    c.CommentAdded.model_validate(OF_COMMENT | {"comment": COMMENT, "mentioned": [U]}),
    c.CommentEdited.model_validate(OF_COMMENT | {"comment": COMMENT, "mentioned": []}),
    c.CommentDeleted.model_validate(OF_COMMENT | {"author_id": U, "deleted_at": NOW}),
    c.CommentReacted.model_validate(
        OF_COMMENT | {"author_id": U, "user_id": U, "user_name": "Ben", "emoji": "👍", "added": True, "at": NOW}
    ),
    c.ThreadResolved.model_validate(OF_THREAD | {"resolved_by": U, "resolved_at": NOW}),
    c.ThreadReopened.model_validate(OF_THREAD | {"at": NOW}),
    c.AnchorOrphaned.model_validate(OF_THREAD | {"quote": TITLE, "reason": "deleted"}),
    n.NotificationChanged(user_id=U, item=ITEM, counts=COUNTS),
    n.NotificationRemoved(user_id=U, item_id=T, counts=COUNTS),
    n.NotificationsRead(user_id=U, counts=COUNTS, at=NOW),
    n.NotificationsSeen(user_id=U, counts=COUNTS, at=NOW),
    a.AccountCreated(user_id=U, name="Ben", role="viewer"),
    a.AccountChanged(user_id=U, name="Ben", role="viewer", active=True, changed=["role"]),
    a.AccountDisconnected(user_id=U, connection_id=None, reason="It sends too much."),
    a.PasswordChanged(user_id=U),
    a.TokenCreated(user_id=U, token_id=T, name="import", scopes=["account"], expires_at=NOW),
    a.TokenRevoked(user_id=U, token_id=T),
    e.EscalationStarted(escalation=ESCALATION),
    e.EscalationStepped(escalation=ESCALATION, call=1, people=3, channels=["push"]),
    e.EscalationAcknowledged(escalation=ESCALATION),
    e.EscalationExhausted(escalation=ESCALATION),
    e.EscalationEnded(escalation=ESCALATION),
    t.AlertOpened(alert=ALERT, is_first=True),
    t.AlertRaised(alert=ALERT, former_severity="warning"),
    t.AlertAcknowledged(alert=ALERT),
    t.AlertResolved(alert=ALERT),
    t.AlertReopened(alert=ALERT),
    t.AlertUnmuted(alert=ALERT),
    t.ThresholdCreated(threshold=THRESHOLD),
    t.ThresholdChanged(threshold=THRESHOLD, changed=["warning"]),
    t.ThresholdDeleted(threshold=THRESHOLD),
    t.SilenceStarted(silence=SILENCE),
    t.SilenceEnded(silence=SILENCE),
    s.SourceCreated.model_validate(OF_SOURCE | {"source": SOURCE}),
    s.SourceUpdated.model_validate(OF_SOURCE | {"source": SOURCE, "changed": ["name", "password"]}),
    s.SourceDeleted.model_validate(OF_SOURCE),
    s.SourceStatusChanged.model_validate(
        OF_SOURCE | {"status": "error", "former_status": "active", "status_reason": "It does not answer."}
    ),
    v.RecommendationCreated.model_validate(
        OF_SOURCE | {"recommendation_id": C, "rule": "r", "category": "cost", "priority": "low", "title": TITLE}
    ),
    v.RecommendationDecided.model_validate(
        OF_SOURCE | {"recommendation_id": C, "title": TITLE, "state": "dismissed", "reason": "Because."}
    ),
    s.SourceMonitored.model_validate(
        OF_SOURCE | {"state": "running", "interval_seconds": 15, "metrics": ["cpu_usage"]}
    ),
    h.WebhookAdded.model_validate(OF_WEBHOOK | {"types": ["*"]}),
    h.WebhookChanged.model_validate(OF_WEBHOOK | {"types": ["*"], "enabled": True, "changed": ["secret"]}),
    h.WebhookDisabled.model_validate(OF_WEBHOOK | {"reason": TITLE}),
    h.WebhookRemoved.model_validate(OF_WEBHOOK),
    h.WebhookTested.model_validate(OF_WEBHOOK),
)

FLEETING_SAMPLES: tuple[Event, ...] = (
    m.MetricsMeasured(data_source_id=7, at=NOW, state="up", metrics={"connections": 12.0}, missing={}, reason=None),
)
