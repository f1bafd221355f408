"""Who may not, does not: viewers, foreign pages, stale tickets, ended sessions, other organisations, lost roles."""

import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing

import pytest
import websockets
from joserfc import jwt
from joserfc.jwk import OctKey
from pycrdt import Doc, Text

from tests.e2e.support import lib0
from tests.e2e.support.raw import PROTOCOLS, Protocol, RawPeer
from tests.e2e.support.rest import Account, Api
from tests.e2e.support.server import ADMIN_PASSWORD, CounterpointServer
from tests.e2e.support.waiting import until

SECRET = "an HS256 secret of more than 32 bytes"
TICKET_SECONDS = 1.5
ENVIRONMENT = {
    "COUNTERPOINT_JWT_SECRET": SECRET,
    "COUNTERPOINT_TICKET_SECONDS": str(TICKET_SECONDS),
    # The most that is ever logged: no secret may be in that either.
    "COUNTERPOINT_LOG_LEVEL": "debug",
}

both_protocols = pytest.mark.parametrize("protocol", PROTOCOLS)


def stranger_update(words: str) -> bytes:
    """An update by a client that nobody has seen."""
    doc: Doc[Text] = Doc()
    doc.get("text", type=Text).insert(0, words)
    return doc.get_update()


def app_token(organisation: str, pattern: str, right: str) -> str:
    """What an application that signs its own users in would issue."""
    claims = {
        "sub": "globex-1",
        "name": "Globex",
        "org": organisation,
        "docs": [{"pattern": pattern, "right": right}],
        "exp": int(time.time()) + 600,
    }
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))


@pytest.fixture
async def workspace(api: Api) -> str:
    return await api.workspace()


@pytest.fixture
async def document(api: Api, workspace: str) -> str:
    return await api.document(workspace)


@pytest.fixture
async def viewer(api: Api, workspace: str) -> Account:
    return await api.colleague(workspace, role="viewer")


@pytest.fixture
async def editor(api: Api, document: str) -> AsyncIterator[RawPeer]:
    """An honest peer that is in the document all the time, and must never notice anything."""
    async with RawPeer(api.server.sockets, document, api.token) as editor:
        await editor.until_synced()
        yield editor
        assert editor.close is None


@pytest.fixture
def globex(shared_server: CounterpointServer) -> str:
    """Another organisation in the same store; there is no way yet to make one from outside."""
    with closing(sqlite3.connect(shared_server.store_file, timeout=10)) as store, store:
        known = "SELECT ?, ?, ?, created_at FROM organisations LIMIT 1"
        row = ["f" * 32, "globex", "Globex"]
        store.execute(f"INSERT OR IGNORE INTO organisations (id, slug, name, created_at) {known}", row)
    return "globex"


async def until_heard(peer: RawPeer, token: str, seconds: float = 5.0) -> None:
    async def look() -> bool:
        return token in str(peer.text)

    await until(look, f"{token} to arrive", seconds=seconds)


@both_protocols
@pytest.mark.parametrize("step", [1, 2], ids=["SyncStep2", "Update"])
async def test_a_viewers_updates_change_nothing_and_do_not_get_it_closed(
    protocol: Protocol, step: int, api: Api, document: str, viewer: Account, editor: RawPeer
) -> None:
    async with RawPeer(api.server.sockets, document, viewer.token, protocol=protocol) as peer:
        await peer.until_synced()
        for number in range(5):
            await peer.say(lib0.sync_frame(step, stranger_update(f"⟦viewer:{number}⟧")))
        await editor.write("⟦editor:0⟧")
        await until_heard(peer, "⟦editor:0⟧")
        await editor.until_acknowledged()
        assert peer.close is None
        if protocol == "hocuspocus":
            assert peer.scope == "readonly"
    async with RawPeer(api.server.sockets, document, api.token) as fresh:
        await until_heard(fresh, "⟦editor:0⟧")
        assert str(fresh.text) == str(editor.text) == "⟦editor:0⟧"


@pytest.mark.parametrize("path", ["/hocuspocus", "/sync/{document}"])
@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "HTTP://127.0.0.1.evil.example"]
)
async def test_a_page_of_a_foreign_origin_gets_403_before_the_upgrade(
    path: str, origin: str, api: Api, document: str
) -> None:
    headers = {"Origin": origin, "Cookie": f"counterpoint={api.token}"}
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with websockets.connect(
            api.server.sockets + path.format(document=document), additional_headers=headers, proxy=None
        ):
            pass
    assert refused.value.response.status_code == 403


async def test_our_own_page_gets_in_with_its_cookie(api: Api, document: str) -> None:
    peer = RawPeer(api.server.sockets, document, "", protocol="y-websocket")
    await peer.connect(Origin=api.server.url, Cookie=f"counterpoint={api.token}")
    await peer.until_synced()
    await peer.disconnect()


async def test_a_ticket_opens_one_socket_and_no_second_one(api: Api, document: str) -> None:
    ticket = (await api.call("POST", "/auth/ws-ticket", json={"document": document}))["ticket"]
    peer = RawPeer(api.server.sockets, document, "", protocol="y-websocket")
    peer.url += f"?ticket={ticket}"
    await peer.connect()
    await peer.until_synced()
    await peer.connect()
    assert (await peer.until_closed())[0] == 4401


async def test_a_ticket_that_has_grown_old_opens_nothing(api: Api, document: str) -> None:
    ticket = (await api.call("POST", "/auth/ws-ticket", json={"document": document}))["ticket"]
    old = time.monotonic() + TICKET_SECONDS

    async def is_old() -> bool:
        return time.monotonic() > old

    await until(is_old, "the ticket to grow old")
    peer = RawPeer(api.server.sockets, document, "", protocol="y-websocket")
    peer.url += f"?ticket={ticket}"
    await peer.connect()
    assert (await peer.until_closed())[0] == 4401


@both_protocols
async def test_an_ended_session_loses_its_sockets_within_a_second(
    protocol: Protocol, api: Api, document: str, editor: RawPeer
) -> None:
    async with Api(api.server) as other:
        await other.sign_in()
        async with RawPeer(api.server.sockets, document, other.token, protocol=protocol) as peer:
            await peer.until_synced()
            await other.call("POST", "/auth/logout")
            # A Hocuspocus socket may carry other documents and tokens, so there only the document is denied.
            assert await peer.until_turned_away(seconds=1.0) == {"y-websocket": 4401, "hocuspocus": None}[protocol]
            await editor.write("⟦after the end⟧")
            assert "⟦after the end⟧" not in str(peer.text)


@both_protocols
async def test_a_credential_that_is_not_one_gets_4401_or_is_denied(protocol: Protocol, api: Api, document: str) -> None:
    peer = RawPeer(api.server.sockets, document, "cps_not-a-session", protocol=protocol)
    await peer.connect()
    assert await peer.until_turned_away() == {"y-websocket": 4401, "hocuspocus": None}[protocol]
    await peer.disconnect()


@both_protocols
@pytest.mark.parametrize("right", ["read", "write"])
async def test_another_organisations_document_id_leads_nowhere(
    protocol: Protocol, right: str, api: Api, document: str, editor: RawPeer, globex: str
) -> None:
    await editor.write("⟦ours⟧")
    await editor.until_acknowledged()
    theirs = RawPeer(api.server.sockets, document, app_token(globex, document, right), protocol=protocol)
    await theirs.connect()

    async def answered() -> bool:
        return bool(theirs.close or theirs.denied or theirs.synced)

    await until(answered, "an answer")
    if right == "read":
        assert not theirs.synced
        assert protocol == "hocuspocus" or (theirs.close or (0,))[0] == 4404
    elif theirs.synced:
        # Their organisation may give a document of its own the same name: it is another document.
        await theirs.write("⟦theirs⟧")
    await editor.write("⟦more of ours⟧")
    await editor.until_acknowledged()
    await theirs.disconnect()
    assert "ours⟧" not in str(theirs.text)
    assert "theirs" not in str(editor.text)


async def test_a_document_that_does_not_exist_and_a_strangers_look_alike(api: Api, document: str) -> None:
    stranger = await api.colleague(organisation_role="viewer")
    codes = []
    for name in (document, "0" * 32):
        peer = RawPeer(api.server.sockets, name, stranger.token, protocol="y-websocket")
        await peer.connect()
        codes.append((await peer.until_closed())[0])
    assert codes == [4404, 4404]


@both_protocols
async def test_an_editor_made_viewer_in_mid_stream_writes_nothing_a_second_later(
    protocol: Protocol, api: Api, workspace: str, document: str, editor: RawPeer
) -> None:
    ben = await api.colleague(workspace, role="editor")
    async with RawPeer(api.server.sockets, document, ben.token, protocol=protocol) as peer:
        await peer.until_synced()
        await peer.write("⟦ben:while editor⟧")
        await until_heard(editor, "⟦ben:while editor⟧")
        await api.set_role(workspace, ben.id, "viewer")
        changed = time.monotonic()
        late: list[str] = []

        async def streams_for_two_seconds() -> bool:
            elapsed = time.monotonic() - changed
            token = f"⟦ben:{elapsed:.3f}⟧"
            await peer.write(token)
            if elapsed > 1.0:
                late.append(token)
            return elapsed > 2.0

        await until(streams_for_two_seconds, "two seconds to pass", every=0.05)
        assert peer.close is None, "a viewer is not closed for what it sends"
        await editor.write("⟦editor: still here⟧")
        await until_heard(peer, "⟦editor: still here⟧")
        assert late
        assert not [token for token in late if token in str(editor.text)]


async def test_no_secret_reaches_the_log(api: Api, document: str) -> None:
    peer = RawPeer(api.server.sockets, document, "", protocol="y-websocket")
    peer.url += f"?token={api.token}"
    await peer.connect()
    await peer.until_synced()
    await peer.disconnect()
    log = api.server.log_text()
    assert log
    assert not [secret for secret in (api.token, SECRET, ADMIN_PASSWORD) if secret in log]
