"""Who may what: one row for every HTTP route and for every type of message. What has no row is allowed to nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from crdt import messages as m
from crdt.room import Right
from server.errors import Forbidden, NotFound
from server.identity.principal import Kind, Principal
from server.identity.roles import Permission, WorkspaceRole

__all__ = [
    "CENTRIFUGE_COMMANDS",
    "DATA_SOURCES_MESSAGES",
    "MESSAGES",
    "ROUTES",
    "FeedRule",
    "MessageRule",
    "Rule",
    "check_permission",
    "check_workspace_role",
    "rule_of",
]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a request needs: all that is set must be met.

    permission        the organisation role (and a token's scopes) must give it; None only where `public`
    workspace_role    the least role in the workspace that the request is about
    right             the least right to the document that the request is about
    kinds             the credentials that may ask; None: all
    public            nobody needs to be signed in
    """

    permission: Permission | None = None
    workspace_role: WorkspaceRole | None = None
    right: Right | None = None
    kinds: frozenset[Kind] | None = None
    public: bool = False


@dataclass(frozen=True, slots=True)
class MessageRule:
    """What a message needs of the peer that sends it.

    right           the least right to the document; without it the message changes nothing (and closes nothing)
    from_clients    clients say it; else only the server does, and from a client it is passed over
    signed_in       it counts only after the door has let the peer in
    """

    right: Right | None = None
    from_clients: bool = True
    signed_in: bool = True


@dataclass(frozen=True, slots=True)
class FeedRule:
    """What a client's word needs on a connection for events. Server-sent events have none: their client says nothing.

    signed_in   it counts only after the door has let the client in; before, the connection is ended
    channel     "open": the permission of the channel's kind, and membership (server.identity.channels);
                "listening": who is subscribed to it already
    served      else it is refused to everybody, and changes nothing
    """

    signed_in: bool = True
    channel: Literal["open", "listening"] | None = None
    served: bool = True


P = Permission
PUBLIC = Rule(public=True)
OWN_ACCOUNT = Rule(P.ACCOUNT_MANAGE)
# A token that could make tokens, or change the password, would outlive its own end.
OWN_SECRETS = Rule(P.ACCOUNT_MANAGE, kinds=frozenset({"session"}))
VIEWER, EDITOR, ADMIN, OWNER = WorkspaceRole.VIEWER, WorkspaceRole.EDITOR, WorkspaceRole.ADMIN, WorkspaceRole.OWNER
# Who edits may comment, whatever the role in the organisation; an application may grant it by itself.
COMMENTING = Rule(P.COLLABORATION_VIEW, EDITOR, Right.COMMENT)

WORKSPACES = "/collaboration/workspaces"
WORKSPACE = "/collaboration/workspaces/{workspace_id}"
INVITATION = WORKSPACE + "/invitations/{invitation_id}"
DOCUMENT = "/collaboration/documents/{document_id}"
BRANCHES = DOCUMENT + "/branches"
BRANCH = BRANCHES + "/{branch_id}"
COMMENT = DOCUMENT + "/comments/{comment_id}"
THREAD = DOCUMENT + "/threads/{thread_id}"
WEBHOOK = "/webhooks/{webhook_id}"
INBOX = "/notifications"
PUSH = "/notifications/push"
CHAT = "/notifications/chat"
ESCALATION = "/escalations/{escalation_id}"
POLICIES = "/escalations/policies"
SOURCES = "/scan/data-sources"
SOURCE = SOURCES + "/{data_source_id}"

ROUTES: Mapping[tuple[str, str], Rule] = MappingProxyType(
    {
        # Identity.
        ("GET", "/auth/status"): PUBLIC,
        ("POST", "/auth/setup"): PUBLIC,
        ("POST", "/auth/login"): PUBLIC,
        # Who has no session any more may still throw its cookie away.
        ("POST", "/auth/logout"): PUBLIC,
        ("GET", "/auth/me"): Rule(P.ACCOUNT_VIEW),
        ("GET", "/auth/permissions"): Rule(P.ACCOUNT_VIEW),
        ("POST", "/auth/password"): OWN_SECRETS,
        ("GET", "/auth/tokens"): OWN_ACCOUNT,
        ("POST", "/auth/tokens"): OWN_SECRETS,
        ("DELETE", "/auth/tokens/{token_id}"): OWN_ACCOUNT,
        # The link's token is what lets in: who has it may look, and make the account that it is for.
        ("POST", "/auth/invitations/look"): PUBLIC,
        ("POST", "/auth/invitations/sign-up"): PUBLIC,
        ("GET", "/auth/invitations"): Rule(P.ACCOUNT_VIEW),
        ("POST", "/auth/invitations/accept"): Rule(P.COLLABORATION_VIEW, kinds=frozenset({"session"})),
        ("POST", "/auth/ws-ticket"): Rule(P.COLLABORATION_VIEW),
        # Each channel asks for its own permission, and is refused in the stream.
        ("GET", "/events"): Rule(P.COLLABORATION_VIEW),
        ("POST", "/connection/http_stream"): Rule(P.COLLABORATION_VIEW),
        ("GET", "/connection/sse"): Rule(P.COLLABORATION_VIEW),
        # The session's secret is what lets in; each command is checked as one of its session.
        ("POST", "/emulation"): PUBLIC,
        ("GET", "/auth/users"): Rule(P.USERS_MANAGE),
        ("POST", "/auth/users"): Rule(P.USERS_MANAGE),
        ("PATCH", "/auth/users/{user_id}"): Rule(P.USERS_MANAGE),
        # Whoever comments may mention a group.
        ("GET", "/auth/groups"): Rule(P.COLLABORATION_VIEW),
        ("GET", "/auth/groups/{group_id}"): Rule(P.COLLABORATION_VIEW),
        ("POST", "/auth/groups"): Rule(P.USERS_MANAGE),
        ("PATCH", "/auth/groups/{group_id}"): Rule(P.USERS_MANAGE),
        ("DELETE", "/auth/groups/{group_id}"): Rule(P.USERS_MANAGE),
        ("PUT", "/auth/groups/{group_id}/members/{user_id}"): Rule(P.USERS_MANAGE),
        ("DELETE", "/auth/groups/{group_id}/members/{user_id}"): Rule(P.USERS_MANAGE),
        # Collaboration.
        ("GET", WORKSPACES): Rule(P.COLLABORATION_VIEW),
        ("POST", WORKSPACES): Rule(P.WORKSPACE_CREATE),
        ("GET", WORKSPACE): Rule(P.COLLABORATION_VIEW, VIEWER),
        ("PATCH", WORKSPACE): Rule(P.WORKSPACE_EDIT, ADMIN),
        ("DELETE", WORKSPACE): Rule(P.WORKSPACE_EDIT, OWNER),
        ("POST", WORKSPACE + "/restore"): Rule(P.WORKSPACE_EDIT, OWNER),
        ("GET", WORKSPACE + "/members"): Rule(P.COLLABORATION_VIEW, VIEWER),
        ("POST", WORKSPACE + "/members"): Rule(P.WORKSPACE_EDIT, ADMIN),
        ("PUT", WORKSPACE + "/members/{user_id}"): Rule(P.WORKSPACE_EDIT, ADMIN),
        # Anybody may leave; to remove somebody else takes the role of an admin, which the service asks for.
        ("DELETE", WORKSPACE + "/members/{user_id}"): Rule(P.COLLABORATION_VIEW, VIEWER),
        ("GET", "/collaboration/sessions/active"): Rule(P.COLLABORATION_VIEW),
        ("POST", WORKSPACE + "/invite"): Rule(P.WORKSPACE_EDIT, ADMIN),
        ("GET", WORKSPACE + "/invitations"): Rule(P.WORKSPACE_EDIT, ADMIN),
        ("POST", INVITATION + "/resend"): Rule(P.WORKSPACE_EDIT, ADMIN),
        ("DELETE", INVITATION): Rule(P.WORKSPACE_EDIT, ADMIN),
        ("GET", WORKSPACE + "/documents"): Rule(P.COLLABORATION_VIEW, VIEWER),
        ("GET", WORKSPACE + "/activity"): Rule(P.COLLABORATION_VIEW, VIEWER),
        ("POST", WORKSPACE + "/documents"): Rule(P.COLLABORATION_MANAGE, EDITOR),
        ("GET", DOCUMENT): Rule(P.COLLABORATION_VIEW, right=Right.READ),
        ("PATCH", DOCUMENT): Rule(P.COLLABORATION_MANAGE, EDITOR, Right.WRITE),
        ("GET", DOCUMENT + "/content"): Rule(P.COLLABORATION_VIEW, right=Right.READ),
        ("PUT", DOCUMENT + "/content"): Rule(P.COLLABORATION_MANAGE, EDITOR, Right.WRITE),
        ("PATCH", DOCUMENT + "/content"): Rule(P.COLLABORATION_MANAGE, EDITOR, Right.WRITE),
        # Who may not write sees only what he brought himself, when he could: the service asks for that.
        ("GET", BRANCHES): Rule(P.COLLABORATION_VIEW, right=Right.READ),
        ("GET", BRANCH): Rule(P.COLLABORATION_VIEW, right=Right.READ),
        ("GET", BRANCH + "/content"): Rule(P.COLLABORATION_VIEW, right=Right.READ),
        ("POST", BRANCH + "/merge"): Rule(P.COLLABORATION_MANAGE, EDITOR, Right.WRITE),
        ("DELETE", BRANCH): Rule(P.COLLABORATION_MANAGE, EDITOR, Right.WRITE),
        ("DELETE", DOCUMENT): Rule(P.COLLABORATION_MANAGE, EDITOR, Right.WRITE),
        ("POST", DOCUMENT + "/restore"): Rule(P.COLLABORATION_MANAGE, EDITOR, Right.WRITE),
        ("GET", DOCUMENT + "/comments"): Rule(P.COLLABORATION_VIEW, right=Right.READ),
        ("POST", DOCUMENT + "/comments"): COMMENTING,
        ("GET", COMMENT): Rule(P.COLLABORATION_VIEW, right=Right.READ),
        # Everybody's own; to delete that of somebody else takes the role of an admin, which the service asks for.
        ("PATCH", COMMENT): COMMENTING,
        ("DELETE", COMMENT): COMMENTING,
        ("POST", COMMENT + "/reactions"): COMMENTING,
        ("DELETE", COMMENT + "/reactions/{emoji}"): COMMENTING,
        ("GET", THREAD): Rule(P.COLLABORATION_VIEW, right=Right.READ),
        ("POST", THREAD + "/resolve"): COMMENTING,
        ("POST", THREAD + "/reopen"): COMMENTING,
        # Webhooks: of a workspace for its admins, of the organisation for administrators, which the service asks for.
        ("GET", "/webhooks"): Rule(P.WORKSPACE_EDIT),
        ("POST", "/webhooks"): Rule(P.WORKSPACE_EDIT),
        ("GET", WEBHOOK): Rule(P.WORKSPACE_EDIT),
        ("PATCH", WEBHOOK): Rule(P.WORKSPACE_EDIT),
        ("DELETE", WEBHOOK): Rule(P.WORKSPACE_EDIT),
        ("POST", WEBHOOK + "/test"): Rule(P.WORKSPACE_EDIT),
        ("POST", WEBHOOK + "/rotate"): Rule(P.WORKSPACE_EDIT),
        ("GET", WEBHOOK + "/deliveries"): Rule(P.WORKSPACE_EDIT),
        ("POST", WEBHOOK + "/deliveries/{delivery_id}/replay"): Rule(P.WORKSPACE_EDIT),
        # One's own inbox.
        ("GET", INBOX): Rule(P.ACCOUNT_VIEW),
        ("GET", INBOX + "/counts"): Rule(P.ACCOUNT_VIEW),
        ("GET", INBOX + "/channels"): Rule(P.ACCOUNT_VIEW),
        ("POST", INBOX + "/seen"): OWN_ACCOUNT,
        ("POST", INBOX + "/read"): OWN_ACCOUNT,
        ("GET", INBOX + "/preferences"): Rule(P.ACCOUNT_VIEW),
        ("PUT", INBOX + "/preferences"): OWN_ACCOUNT,
        ("POST", INBOX + "/{notification_id}/read"): OWN_ACCOUNT,
        ("POST", INBOX + "/{notification_id}/unread"): OWN_ACCOUNT,
        ("DELETE", INBOX + "/{notification_id}"): OWN_ACCOUNT,
        ("GET", DOCUMENT + "/subscription"): Rule(P.COLLABORATION_VIEW, right=Right.READ),
        ("PUT", DOCUMENT + "/subscription"): Rule(P.COLLABORATION_VIEW, right=Right.READ),
        # Notifications. A subscription outlives a token, so no token makes one.
        ("GET", PUSH): Rule(P.ACCOUNT_VIEW),
        ("POST", PUSH + "/subscriptions"): Rule(P.ACCOUNT_MANAGE, kinds=frozenset({"session", "jwt"})),
        ("DELETE", PUSH + "/subscriptions/{subscription_id}"): OWN_ACCOUNT,
        ("POST", PUSH + "/test"): OWN_ACCOUNT,
        # An address outlives a token, too.
        ("GET", CHAT): Rule(P.ACCOUNT_VIEW),
        ("POST", CHAT + "/addresses"): Rule(P.ACCOUNT_MANAGE, kinds=frozenset({"session", "jwt"})),
        ("DELETE", CHAT + "/addresses/{address_id}"): OWN_ACCOUNT,
        ("POST", CHAT + "/addresses/{address_id}/test"): OWN_ACCOUNT,
        # The link of a letter names its reader, sealed.
        ("GET", INBOX + "/mail/unsubscribe"): PUBLIC,
        ("POST", INBOX + "/mail/unsubscribe"): PUBLIC,
        # Escalations. Whoever was told of one may see and answer it, whatever his role, which the service asks for.
        ("GET", POLICIES): Rule(P.SECURITY_VIEW),
        ("POST", POLICIES): Rule(P.ESCALATIONS_MANAGE),
        ("PATCH", POLICIES + "/{policy_id}"): Rule(P.ESCALATIONS_MANAGE),
        ("DELETE", POLICIES + "/{policy_id}"): Rule(P.ESCALATIONS_MANAGE),
        ("GET", "/escalations"): Rule(P.SECURITY_VIEW),
        ("POST", "/escalations"): Rule(P.ALERTS_MANAGE),
        ("GET", ESCALATION): Rule(P.ALERTS_VIEW),
        ("POST", ESCALATION + "/acknowledge"): Rule(P.ALERTS_VIEW),
        ("POST", ESCALATION + "/resolve"): Rule(P.ALERTS_VIEW),
        # Data sources.
        ("GET", SOURCES): Rule(P.PERFORMANCE_VIEW),
        ("POST", SOURCES): Rule(P.PERFORMANCE_MANAGE),
        ("POST", SOURCES + "/test-connection"): Rule(P.PERFORMANCE_MANAGE),
        ("GET", SOURCE): Rule(P.PERFORMANCE_VIEW),
        ("PUT", SOURCE): Rule(P.PERFORMANCE_MANAGE),
        ("PATCH", SOURCE): Rule(P.PERFORMANCE_MANAGE),
        ("DELETE", SOURCE): Rule(P.PERFORMANCE_MANAGE),
        ("POST", SOURCE + "/test-connection"): Rule(P.PERFORMANCE_MANAGE),
        ("GET", SOURCE + "/capabilities"): Rule(P.PERFORMANCE_VIEW),
        ("GET", SOURCE + "/health"): Rule(P.PERFORMANCE_VIEW),
        ("GET", SOURCE + "/stats"): Rule(P.PERFORMANCE_VIEW),
        ("GET", SOURCE + "/connection-pool-stats"): Rule(P.PERFORMANCE_VIEW),
        ("GET", SOURCE + "/catalog"): Rule(P.PERFORMANCE_VIEW),
        ("GET", SOURCE + "/access-control"): Rule(P.PERFORMANCE_VIEW),
        ("GET", SOURCE + "/version-history"): Rule(P.PERFORMANCE_VIEW),
        # Monitoring.
        ("GET", "/performance/monitors"): Rule(P.PERFORMANCE_VIEW),
        ("POST", "/performance/metrics"): Rule(P.PERFORMANCE_MANAGE),
        ("POST", "/v1/metrics"): Rule(P.PERFORMANCE_MANAGE),
        ("POST", "/api/v2/alerts"): Rule(P.ALERTS_MANAGE),
        ("GET", "/performance/metrics/{data_source_id}"): Rule(P.PERFORMANCE_VIEW),
        ("GET", "/performance/metrics/{data_source_id}/series"): Rule(P.PERFORMANCE_VIEW),
        ("POST", "/performance/monitoring/start"): Rule(P.PERFORMANCE_MANAGE),
        ("POST", "/performance/monitoring/pause"): Rule(P.PERFORMANCE_MANAGE),
        ("POST", "/performance/monitoring/stop"): Rule(P.PERFORMANCE_MANAGE),
        ("GET", "/performance/analytics/trends"): Rule(P.PERFORMANCE_VIEW),
        ("GET", "/performance/optimization/recommendations"): Rule(P.PERFORMANCE_VIEW),
        ("POST", "/performance/optimization/recommendations/{recommendation_id}/dismiss"): Rule(P.PERFORMANCE_MANAGE),
        ("POST", "/performance/optimization/recommendations/{recommendation_id}/reopen"): Rule(P.PERFORMANCE_MANAGE),
        ("GET", "/performance/reports/summary"): Rule(P.PERFORMANCE_VIEW),
        ("GET", "/performance/system/health"): Rule(P.PERFORMANCE_VIEW),
        ("GET", "/health/system"): Rule(P.PERFORMANCE_VIEW),
        # Alerts.
        ("GET", "/performance/thresholds"): Rule(P.PERFORMANCE_VIEW),
        ("POST", "/performance/thresholds"): Rule(P.PERFORMANCE_MANAGE),
        ("PATCH", "/performance/thresholds/{threshold_id}"): Rule(P.PERFORMANCE_MANAGE),
        ("DELETE", "/performance/thresholds/{threshold_id}"): Rule(P.PERFORMANCE_MANAGE),
        ("GET", "/performance/alerts"): Rule(P.ALERTS_VIEW),
        ("GET", "/performance/alerts/{alert_id}"): Rule(P.ALERTS_VIEW),
        ("POST", "/performance/alerts/{alert_id}/acknowledge"): Rule(P.ALERTS_MANAGE),
        ("POST", "/performance/alerts/{alert_id}/resolve"): Rule(P.ALERTS_MANAGE),
        ("POST", "/performance/alerts/{alert_id}/reopen"): Rule(P.ALERTS_MANAGE),
        ("GET", "/performance/silences"): Rule(P.ALERTS_VIEW),
        ("POST", "/performance/silences"): Rule(P.ALERTS_MANAGE),
        ("DELETE", "/performance/silences/{silence_id}"): Rule(P.ALERTS_MANAGE),
        # The server itself: of administrators those of the organisation that runs it, which the route asks for.
        ("GET", "/admin/nodes"): Rule(P.SERVER_VIEW),
        ("GET", "/admin/connections"): Rule(P.SERVER_VIEW),
        ("POST", "/admin/connections/{connection_id}/close"): Rule(P.SERVER_MANAGE),
        ("POST", "/admin/users/{user_id}/disconnect"): Rule(P.SERVER_MANAGE),
        ("GET", "/admin/rooms"): Rule(P.SERVER_VIEW),
        ("POST", "/admin/rooms/{document_id}/snapshot"): Rule(P.SERVER_MANAGE),
        ("GET", "/admin/quarantine"): Rule(P.SERVER_VIEW),
        ("GET", "/admin/quarantine/{document_id}/{position}"): Rule(P.SERVER_MANAGE),
        ("POST", "/admin/quarantine/{document_id}/{position}/release"): Rule(P.SERVER_MANAGE),
        ("GET", "/admin/health"): Rule(P.SERVER_VIEW),
        # Operations. /metrics has a token of its own; the others say nothing about anybody.
        ("GET", "/healthz"): PUBLIC,
        ("GET", "/readyz"): PUBLIC,
        ("GET", "/metrics"): PUBLIC,
        ("GET", "/openapi.json"): PUBLIC,
        ("GET", "/docs"): PUBLIC,
        ("GET", "/docs/style.css"): PUBLIC,
        # The web app: the same files for everybody.
        ("GET", "/{path:path}"): PUBLIC,
    }
)

SERVER_ONLY = MessageRule(from_clients=False)
MESSAGES: Mapping[type[m.Message], MessageRule] = MappingProxyType(
    {
        m.SyncStep1: MessageRule(Right.READ),
        m.SyncStep2: MessageRule(Right.WRITE),
        m.Update: MessageRule(Right.WRITE),
        m.AwarenessUpdate: MessageRule(Right.READ),
        m.QueryAwareness: MessageRule(Right.READ),
        m.AuthToken: MessageRule(signed_in=False),
        m.TokenRequest: SERVER_ONLY,
        m.PermissionDenied: SERVER_ONLY,
        m.Authenticated: SERVER_ONLY,
        m.Stateless: MessageRule(Right.READ),
        m.Detach: MessageRule(signed_in=False),
        m.Detached: SERVER_ONLY,
        m.SyncStatus: SERVER_ONLY,
        m.Ping: SERVER_ONLY,
        m.Pong: MessageRule(signed_in=False),
        m.Ignored: MessageRule(signed_in=False),
    }
)

REFUSED = FeedRule(served=False)
CENTRIFUGE_COMMANDS: Mapping[str, FeedRule] = MappingProxyType(
    {
        # Over a WebSocket, and by http_stream or sse and /emulation.
        "connect": FeedRule(signed_in=False),
        "pong": FeedRule(signed_in=False),
        "send": FeedRule(signed_in=False, served=False),
        "subscribe": FeedRule(channel="open"),
        "unsubscribe": FeedRule(),
        "presence": FeedRule(channel="listening"),
        "presence_stats": FeedRule(channel="listening"),
        # Of the same user as before, in the same organisation.
        "refresh": FeedRule(),
        # Events are written by changes; rows and their history are read over HTTP; a channel has no token of its own.
        "publish": REFUSED,
        "history": REFUSED,
        "rpc": REFUSED,
        "sub_refresh": REFUSED,
    }
)
DATA_SOURCES_MESSAGES: Mapping[str, FeedRule] = MappingProxyType(
    {
        "auth": FeedRule(signed_in=False),
        "subscribe": FeedRule(channel="open"),
        # A heartbeat; any other is passed over.
        "status_update": FeedRule(signed_in=False),
    }
)


def rule_of(method: str, template: str) -> Rule | None:
    """The row of a route by its method and path template; None where nobody wrote one."""
    return ROUTES.get(("GET" if method == "HEAD" else method, template))


def check_permission(principal: Principal, rule: Rule) -> None:
    """Raises Forbidden, which names the permission that is missing."""
    if rule.kinds is not None and principal.kind not in rule.kinds:
        raise Forbidden("Sign in with your password to do that; a token is not enough.")
    if rule.permission is not None and rule.permission not in principal.permissions:
        raise Forbidden(f"You need the permission {rule.permission}.")


def check_workspace_role(role: WorkspaceRole | None, least: WorkspaceRole) -> None:
    """`role` is the caller's own one, None for who is no member: to them there is no such workspace (NotFound)."""
    if role is None:
        raise NotFound
    if not role.at_least(least):
        raise Forbidden(f"You need the role {least} in this workspace.")
