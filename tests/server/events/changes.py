"""Every way to change something over HTTP and from the command line, and exactly the events that it writes.

A new route that changes something has its row here: a function that does it on a `Stage`, and the kinds of its events
(workspaces' streams before users', each in its order). A route that writes none says why.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from crdt.updates import EMPTY_UPDATE
from persistence.branches import BranchStore, NewBranch
from server.clock import SystemClock
from server.events import accounts as a
from server.events import advice as v
from server.events import alerts as t
from server.events import comments as c
from server.events import documents as d
from server.events import escalations as e
from server.events import invitations as i
from server.events import notifications as n
from server.events import sources as s
from server.events import webhooks as h
from server.events import workspaces as w
from server.events.model import Event
from server.realtime.connections.event_stream import EventStreamConnection
from server.realtime.door import Guest
from server.realtime.figures import Figures
from server.realtime.meter import Meter
from server.realtime.sockets.response import ResponseTransport
from tests.server.events import monitoring as watch
from tests.server.events.stage import Stage
from tests.server.support import PASSWORD

__all__ = ["COMMANDS", "ROUTES", "SIGN_UP", "SILENT_COMMANDS", "SILENT_ROUTES", "Change"]

Do = Callable[[Stage], Awaitable[Any]]


@dataclass(frozen=True)
class Change:
    do: Do
    events: tuple[type[Event], ...]


def asks(method: str, path: str, body: Any = None) -> Do:
    """A request by Ada; `path` may hold {workspace}, {document} and the ids of {ada}, {ben} and {cyd}."""

    async def do(stage: Stage) -> None:
        people = {"ada": stage.ada.id, "ben": stage.ben.id, "cyd": stage.cyd.id}
        await stage.do(method, path.format(workspace=stage.at_workspace, document=stage.at_document, **people), body)

    return do


def after(*steps: Do) -> Do:
    """The last step is the one that counts: `Stage.do` forgets what was before it."""

    async def do(stage: Stage) -> None:
        for step in steps:
            await step(stage)

    return do


async def set_up_by_link(stage: Stage) -> None:
    raise LookupError("needs a server without accounts: test_changes.py")


async def revoke_a_token(stage: Stage) -> None:
    made = await stage.ada.post("/auth/tokens", {"name": "bot", "scopes": ["account"]})
    await stage.do("DELETE", f"/auth/tokens/{made.json()['id']}")


async def close_a_connection(stage: Stage) -> None:
    """Ben's, who has one since a moment ago."""
    registry, clock = stage.place.house.realtime.registry, SystemClock()
    connection = EventStreamConnection(
        ResponseTransport(), clock, Figures(), "here", Meter(0.0, 1.0, 1.0), desk=stage.place.house.events.desk
    )
    connection._guest = Guest(stage.ben.id, "Ben", "organisation", "credential", None)
    registry.add(connection)
    [found] = (await stage.ada.get("/admin/connections", params={"user": stage.ben.id})).json()["data"]["connections"]
    await stage.do("POST", f"/admin/connections/{found['id']}/close", {"reason": "It sends too much."})


def on_a_comment(*asked: tuple[str, str, Any]) -> Do:
    """The requests, in this order, on a comment of Ada's that has just been written; `path` may hold {id}."""

    async def do(stage: Stage) -> None:
        said = await stage.ada.post(stage.at_document + "/comments", {"content": "Why?"})
        for method, path, body in asked:
            await stage.do(method, stage.at_document + path.format(id=said.json()["data"]["id"]), body)

    return do


async def add_a_webhook(stage: Stage) -> None:
    await stage.do("POST", "/webhooks", {"url": "https://hook.example.org/", "workspace_id": stage.workspace})


def on_a_webhook(method: str, tail: str = "", body: Any = None) -> Do:
    """Of Ada's, for her workspace; nobody can be reached at its address."""

    async def do(stage: Stage) -> None:
        new = {"url": "https://192.0.2.1.invalid/", "workspace_id": stage.workspace}
        made = await stage.ada.post("/webhooks", new)
        await stage.do(method, f"/webhooks/{made.json()['data']['id']}{tail}", body)

    return do


def in_the_inbox(method: str, path: str) -> Do:
    """Of Ada, whom Cyd has mentioned; `path` may hold {id}, of the notification."""

    async def do(stage: Stage) -> None:
        said = {"content": f"@[Ada](user:{stage.ada.id}), why?"}
        assert (await stage.cyd.post(stage.at_document + "/comments", said)).is_success
        await stage.place.house.events.consumers.settled()
        [item] = (await stage.ada.get("/notifications")).json()["data"]["items"]
        if path.endswith("/unread"):
            await stage.ada.post("/notifications/read")
        await stage.do(method, path.format(id=item["id"]))

    return do


def on_an_escalation(tail: str) -> Do:
    """Of Ada's, which calls nobody before the test is over."""

    async def do(stage: Stage) -> None:
        made = await stage.ada.post("/escalations", AN_ESCALATION)
        await stage.do("POST", f"/escalations/{made.json()['data']['id']}{tail}")

    return do


def on_a_branch(method: str, tail: str = "") -> Do:
    """A copy of Ada's, of before a restore. It has nothing new: edits are told by the document's own sockets."""

    async def do(stage: Stage) -> None:
        new = NewBranch(stage.document, stage.ada.id, "0" * 32, "digest", EMPTY_UPDATE)
        kept = await BranchStore(stage.place.house.database).keep(new, datetime.now(UTC), most=1)
        await stage.do(method, f"{stage.at_document}/branches/{kept.row.id}{tail}")

    return do


SIGN_UP = "/auth/invitations/sign-up"
INVITE_EVE = {"email": "eve@example.org", "role": "viewer"}


def on_an_invitation(method: str, tail: str = "") -> Do:
    """To one of Ben, who has an account and so hears of it himself."""

    async def do(stage: Stage) -> None:
        made = await stage.ada.post(stage.at_workspace + "/invite", {"email": "ben@example.org", "role": "viewer"})
        await stage.do(method, f"{stage.at_workspace}/invitations/{made.json()['data']['id']}{tail}")

    return do


async def accept(stage: Stage) -> None:
    """Ada is invited by Cyd."""
    elsewhere = await stage.cyd.workspace("Elsewhere")
    body = {"email": stage.ada.email, "role": "viewer"}
    made = await stage.cyd.post(f"/collaboration/workspaces/{elsewhere}/invite", body)
    await stage.do("POST", "/auth/invitations/accept", {"id": made.json()["data"]["id"]})


async def sign_up(stage: Stage) -> None:
    """Eve, who has no account, comes by her link; whoever is signed in besides does not count."""
    made = await stage.ada.post(stage.at_workspace + "/invite", INVITE_EVE)
    token = made.json()["data"]["accept_url"].partition("#")[2]
    await stage.do("POST", "/auth/invitations/sign-up", {"token": token, "name": "Eve", "password": PASSWORD})


WORKSPACES, WORKSPACE = "/collaboration/workspaces", "/collaboration/workspaces/{workspace_id}"
DOCUMENT = "/collaboration/documents/{document_id}"
INVITATION = WORKSPACE + "/invitations/{invitation_id}"
COMMENT, THREAD = DOCUMENT + "/comments/{comment_id}", DOCUMENT + "/threads/{thread_id}"
REACT = ("POST", "/comments/{id}/reactions", {"emoji": "👍"})
RESOLVE = ("POST", "/threads/{id}/resolve", None)
WEBHOOK = "/webhooks/{webhook_id}"
ESCALATION, POLICIES = "/escalations/{escalation_id}", "/escalations/policies"
LATER = {"after_minutes": 60, "notify": {"roles": ["admin"]}}
AN_ESCALATION = {"subject": "incident/42", "title": "Disk full", "steps": [LATER]}
A_POLICY = "it concerns nobody before an escalation follows it, and that keeps the steps as they were"
PUSH = "/notifications/push"
GROUP = "/auth/groups/{group_id}"
ITEM = "/notifications/{notification_id}"
A_GROUP = "whoever needs a group reads it, and its members are told of nothing by being in it"
NEW_USER = {"email": "dora@example.org", "name": "Dora", "password": PASSWORD}
CYD = "/members/{cyd}"

ROUTES: Mapping[tuple[str, str], Change] = MappingProxyType(
    {
        ("POST", "/auth/setup"): Change(set_up_by_link, (a.AccountCreated,)),
        ("POST", "/auth/password"): Change(
            asks("POST", "/auth/password", {"current": PASSWORD, "new": PASSWORD + "!"}), (a.PasswordChanged,)
        ),
        ("POST", "/admin/users/{user_id}/disconnect"): Change(
            asks("POST", "/admin/users/{ben}/disconnect", {}), (a.AccountDisconnected,)
        ),
        ("POST", "/admin/connections/{connection_id}/close"): Change(close_a_connection, (a.AccountDisconnected,)),
        ("POST", "/auth/tokens"): Change(
            asks("POST", "/auth/tokens", {"name": "bot", "scopes": ["account"]}), (a.TokenCreated,)
        ),
        ("DELETE", "/auth/tokens/{token_id}"): Change(revoke_a_token, (a.TokenRevoked,)),
        ("POST", "/auth/users"): Change(asks("POST", "/auth/users", NEW_USER), (a.AccountCreated,)),
        ("PATCH", "/auth/users/{user_id}"): Change(
            asks("PATCH", "/auth/users/{cyd}", {"name": "Cyd C.", "password": PASSWORD + "!", "role": "viewer"}),
            (w.MemberRenamed, a.PasswordChanged, a.AccountChanged),
        ),
        ("POST", WORKSPACES): Change(
            asks("POST", WORKSPACES, {"name": "Choir", "type": "security"}),
            (w.WorkspaceCreated, w.MemberJoined, w.MembershipBegan),
        ),
        ("PATCH", WORKSPACE): Change(asks("PATCH", "{workspace}", {"name": "Choir"}), (w.WorkspaceUpdated,)),
        ("DELETE", WORKSPACE): Change(asks("DELETE", "{workspace}"), (w.WorkspaceDeleted,)),
        ("POST", WORKSPACE + "/restore"): Change(
            after(asks("DELETE", "{workspace}"), asks("POST", "{workspace}/restore")),
            (w.WorkspaceRestored, w.MembershipBegan, w.MembershipBegan),
        ),
        ("POST", WORKSPACE + "/members"): Change(
            asks("POST", "{workspace}/members", {"email": "ben@example.org"}), (w.MemberJoined, w.MembershipBegan)
        ),
        ("PUT", WORKSPACE + "/members/{user_id}"): Change(
            asks("PUT", "{workspace}" + CYD, {"role": "viewer"}), (w.MemberRoleChanged, w.MembershipChanged)
        ),
        ("DELETE", WORKSPACE + "/members/{user_id}"): Change(
            asks("DELETE", "{workspace}" + CYD), (w.MemberRemoved, w.MembershipEnded)
        ),
        ("POST", WORKSPACE + "/invite"): Change(asks("POST", "{workspace}/invite", INVITE_EVE), (i.MemberInvited,)),
        ("POST", INVITATION + "/resend"): Change(
            on_an_invitation("POST", "/resend"), (i.MemberInvited, i.InvitationReceived)
        ),
        ("DELETE", INVITATION): Change(on_an_invitation("DELETE"), (i.InvitationRevoked, i.InvitationWithdrawn)),
        ("POST", "/auth/invitations/accept"): Change(accept, (i.InvitationAccepted, w.MemberJoined, w.MembershipBegan)),
        ("POST", SIGN_UP): Change(sign_up, (i.InvitationAccepted, w.MemberJoined, a.AccountCreated, w.MembershipBegan)),
        ("POST", WORKSPACE + "/documents"): Change(
            asks("POST", "{workspace}/documents", {"title": "Plan", "type": "report", "content": "text"}),
            (d.DocumentCreated,),
        ),
        ("PATCH", DOCUMENT): Change(
            asks("PATCH", "{document}", {"title": "Plan B", "type": "policy"}),
            (d.DocumentRenamed, d.DocumentTypeChanged),
        ),
        ("DELETE", DOCUMENT): Change(asks("DELETE", "{document}"), (d.DocumentDeleted,)),
        ("POST", DOCUMENT + "/restore"): Change(
            after(asks("DELETE", "{document}"), asks("POST", "{document}/restore")), (d.DocumentRestored,)
        ),
        ("POST", DOCUMENT + "/branches/{branch_id}/merge"): Change(
            on_a_branch("POST", "/merge"), (d.DocumentBranchMerged,)
        ),
        ("DELETE", DOCUMENT + "/branches/{branch_id}"): Change(on_a_branch("DELETE"), (d.DocumentBranchDiscarded,)),
        ("POST", DOCUMENT + "/comments"): Change(
            asks("POST", "{document}/comments", {"content": "Why?"}), (c.CommentAdded,)
        ),
        ("PATCH", COMMENT): Change(on_a_comment(("PATCH", "/comments/{id}", {"content": "What?"})), (c.CommentEdited,)),
        ("DELETE", COMMENT): Change(on_a_comment(("DELETE", "/comments/{id}", None)), (c.CommentDeleted,)),
        ("POST", COMMENT + "/reactions"): Change(on_a_comment(REACT), (c.CommentReacted,)),
        ("DELETE", COMMENT + "/reactions/{emoji}"): Change(
            on_a_comment(REACT, ("DELETE", "/comments/{id}/reactions/👍", None)), (c.CommentReacted,)
        ),
        ("POST", THREAD + "/resolve"): Change(on_a_comment(RESOLVE), (c.ThreadResolved,)),
        ("POST", THREAD + "/reopen"): Change(
            on_a_comment(RESOLVE, ("POST", "/threads/{id}/reopen", None)), (c.ThreadReopened,)
        ),
        ("POST", "/webhooks"): Change(add_a_webhook, (h.WebhookAdded,)),
        ("PATCH", WEBHOOK): Change(on_a_webhook("PATCH", body={"enabled": False}), (h.WebhookChanged,)),
        ("DELETE", WEBHOOK): Change(on_a_webhook("DELETE"), (h.WebhookRemoved,)),
        ("POST", WEBHOOK + "/rotate"): Change(on_a_webhook("POST", "/rotate"), (h.WebhookChanged,)),
        ("POST", WEBHOOK + "/test"): Change(on_a_webhook("POST", "/test"), (h.WebhookTested,)),
        ("POST", "/notifications/read"): Change(in_the_inbox("POST", "/notifications/read"), (n.NotificationsRead,)),
        ("POST", "/notifications/seen"): Change(in_the_inbox("POST", "/notifications/seen"), (n.NotificationsSeen,)),
        ("POST", ITEM + "/read"): Change(in_the_inbox("POST", "/notifications/{id}/read"), (n.NotificationChanged,)),
        ("POST", ITEM + "/unread"): Change(
            in_the_inbox("POST", "/notifications/{id}/unread"), (n.NotificationChanged,)
        ),
        ("POST", "/escalations"): Change(asks("POST", "/escalations", AN_ESCALATION), (e.EscalationStarted,)),
        ("POST", ESCALATION + "/acknowledge"): Change(on_an_escalation("/acknowledge"), (e.EscalationAcknowledged,)),
        ("POST", ESCALATION + "/resolve"): Change(on_an_escalation("/resolve"), (e.EscalationEnded,)),
        ("DELETE", ITEM): Change(in_the_inbox("DELETE", "/notifications/{id}"), (n.NotificationRemoved,)),
        ("POST", watch.SOURCES): Change(asks("POST", watch.SOURCES, watch.A_SOURCE), (s.SourceCreated,)),
        ("PUT", watch.SOURCES + "/{data_source_id}"): Change(
            watch.on_a_source("PUT", {"team": "Blue"}), (s.SourceUpdated,)
        ),
        ("PATCH", watch.SOURCES + "/{data_source_id}"): Change(
            watch.on_a_source("PATCH", {"name": "Two"}), (s.SourceUpdated,)
        ),
        ("DELETE", watch.SOURCES + "/{data_source_id}"): Change(watch.on_a_source("DELETE"), (s.SourceDeleted,)),
        ("POST", watch.ADVICE + "/{recommendation_id}/dismiss"): Change(
            watch.on_advice("dismiss"), (v.RecommendationDecided,)
        ),
        ("POST", watch.ADVICE + "/{recommendation_id}/reopen"): Change(
            watch.on_advice("reopen"), (v.RecommendationDecided,)
        ),
        ("POST", "/api/v2/alerts"): Change(asks("POST", "/api/v2/alerts", watch.A_FOREIGN_ALERT), (t.AlertOpened,)),
        ("POST", watch.THRESHOLDS): Change(asks("POST", watch.THRESHOLDS, watch.A_THRESHOLD), (t.ThresholdCreated,)),
        ("PATCH", watch.THRESHOLDS + "/{threshold_id}"): Change(
            watch.on_a_threshold("PATCH", {"enabled": False}), (t.ThresholdChanged,)
        ),
        ("DELETE", watch.THRESHOLDS + "/{threshold_id}"): Change(watch.on_a_threshold("DELETE"), (t.ThresholdDeleted,)),
        ("POST", watch.ALERTS + "/{alert_id}/acknowledge"): Change(
            watch.on_an_alert("/acknowledge"), (t.AlertAcknowledged,)
        ),
        ("POST", watch.ALERTS + "/{alert_id}/resolve"): Change(
            watch.on_an_alert("/resolve", {"resolution": "It is over."}), (t.AlertResolved,)
        ),
        ("POST", watch.ALERTS + "/{alert_id}/reopen"): Change(watch.on_an_alert("/reopen"), (t.AlertReopened,)),
        ("POST", watch.SILENCES): Change(asks("POST", watch.SILENCES, watch.A_SILENCE), (t.SilenceStarted,)),
        ("DELETE", watch.SILENCES + "/{silence_id}"): Change(watch.end_a_silence, (t.SilenceEnded,)),
        ("POST", watch.MONITORING + "/start"): Change(watch.in_monitoring("start"), (s.SourceMonitored,)),
        ("POST", watch.MONITORING + "/pause"): Change(watch.in_monitoring("pause"), (s.SourceMonitored,)),
        ("POST", watch.MONITORING + "/stop"): Change(watch.in_monitoring("stop"), (s.SourceMonitored,)),
    }
)

SILENT_ROUTES: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        (
            "POST",
            "/performance/metrics",
        ): "it is told to who listens, and kept as a row; its alerts have events",
        ("POST", "/v1/metrics"): "as POST /performance/metrics",
        ("POST", watch.SOURCES + "/test-connection"): "changes nothing",
        ("POST", watch.SOURCES + "/{data_source_id}/test-connection"): "changes nothing",
        ("POST", "/admin/rooms/{document_id}/snapshot"): "the server does it by itself; nobody sees a difference",
        ("POST", "/admin/quarantine/{document_id}/{position}/release"): "clients have had the row all the time",
        ("POST", "/auth/login"): "a session is nobody else's business, and its owner has just made it",
        ("POST", "/auth/logout"): "a session is nobody else's business, and its owner has just ended it",
        ("POST", "/auth/invitations/look"): "changes nothing",
        ("POST", "/connection/http_stream"): "it listens",
        ("POST", "/emulation"): "commands of who listens change nothing",
        ("POST", "/auth/ws-ticket"): "it is gone within seconds",
        ("POST", WEBHOOK + "/deliveries/{delivery_id}/replay"): "it is a row of the webhook's own log",
        ("POST", PUSH + "/subscriptions"): "nobody but its owner has to do with a device, and he has just turned it on",
        ("DELETE", PUSH + "/subscriptions/{subscription_id}"): "as when it was turned on",
        ("POST", "/notifications/chat/addresses"): "nobody but its owner has to do with it, and he has just added it",
        ("DELETE", "/notifications/chat/addresses/{address_id}"): "as when it was added",
        ("POST", "/notifications/chat/addresses/{address_id}/test"): "the message itself is what it is for",
        ("POST", PUSH + "/test"): "the message itself is what it is for",
        ("POST", "/notifications/mail/unsubscribe"): "nobody else is told what somebody wants to be told of",
        ("PUT", "/notifications/preferences"): "nobody else is told what somebody wants to be told of",
        ("PUT", DOCUMENT + "/subscription"): "nobody else is told what somebody wants to be told of",
        ("POST", POLICIES): A_POLICY,
        ("PATCH", POLICIES + "/{policy_id}"): A_POLICY,
        ("DELETE", POLICIES + "/{policy_id}"): A_POLICY,
        ("POST", "/auth/groups"): A_GROUP,
        ("PATCH", GROUP): A_GROUP,
        ("DELETE", GROUP): A_GROUP,
        ("PUT", GROUP + "/members/{user_id}"): A_GROUP,
        ("DELETE", GROUP + "/members/{user_id}"): A_GROUP,
        ("PUT", DOCUMENT + "/content"): "an edit is a row of the document's log, which its own sockets tell",
        ("PATCH", DOCUMENT + "/content"): "an edit is a row of the document's log, which its own sockets tell",
    }
)

COMMANDS: Mapping[str, tuple[type[Event], ...]] = MappingProxyType(
    {
        "user add": (a.AccountCreated,),
        "user password": (a.PasswordChanged,),
        "user role": (a.AccountChanged,),
        "token create": (a.TokenCreated,),
        "token revoke": (a.TokenRevoked,),
    }
)

SILENT_COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "serve": "a server; what it changes is asked for through its doors",
        "doctor": "looks, and changes nothing",
        "document show": "changes nothing",
        "document release": "what workers are shown is no part of the document",
        "user list": "changes nothing",
        "token list": "changes nothing",
        "backup": "changes nothing",
        "copy": "carries rows to a store that nobody uses yet, the events among them",
        "restore": "fills an empty store; streams have a new epoch, which says it to everybody",
    }
)
