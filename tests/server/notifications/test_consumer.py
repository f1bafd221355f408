"""What happens becomes what people find in their inboxes: once, and only those whom it concerns."""

import pytest

from server.notifications.consumer import InboxWriter
from tests.server.notifications.stage import Ground, mention


async def test_a_mention_is_told_with_its_words_and_where_it_stands(inboxes: Ground) -> None:
    said = await inboxes.comment(inboxes.ada, f"{mention(inboxes.ben)}, why\n\nthis?")
    [item] = await inboxes.inbox(inboxes.ben)
    assert (item["kind"], item["title"], item["text"]) == ("mention", "ada mentioned you in Score", "@ben, why this?")
    assert item["path"] == f"/documents/{inboxes.document}?thread={said['id']}"
    assert (item["workspace_id"], item["document_id"]) == (inboxes.workspace, inboxes.document)
    assert item["actor"] == {"id": inboxes.ada.id, "name": "ada"}
    assert (item["count"], item["read_at"], item["seen_at"], item["severity"]) == (1, None, None, "info")
    assert await inboxes.counts(inboxes.ben) == (1, 1)
    assert await inboxes.inbox(inboxes.ada) == [], "nobody is told of what he did himself"
    assert await inboxes.inbox(inboxes.cyd) == []


async def test_who_wrote_in_a_thread_is_told_of_answers_and_of_its_end(inboxes: Ground) -> None:
    thread = (await inboxes.comment(inboxes.ben, "Is it so?"))["id"]
    await inboxes.comment(inboxes.ada, "It is.", thread)
    await inboxes.comment(inboxes.cyd, "Indeed.", thread)
    await inboxes.do(inboxes.cyd, "POST", f"{inboxes.at}/threads/{thread}/resolve")
    assert await inboxes.kinds(inboxes.ben) == ["resolved", "reply"]
    [_, reply] = await inboxes.inbox(inboxes.ben)
    assert (reply["count"], [each["actor"] for each in reply["activities"]]) == (2, ["ada", "cyd"])
    assert await inboxes.kinds(inboxes.ada) == ["resolved", "reply"]
    assert await inboxes.kinds(inboxes.cyd) == []


async def test_who_is_told_for_two_reasons_is_told_once(inboxes: Ground) -> None:
    thread = (await inboxes.comment(inboxes.ben, "Is it so?"))["id"]
    await inboxes.do(inboxes.ben, "PUT", inboxes.at + "/subscription", {"level": "all"})
    await inboxes.comment(inboxes.ada, f"Ask {mention(inboxes.ben)}.", thread)
    assert await inboxes.kinds(inboxes.ben) == ["mention"]


@pytest.mark.parametrize(("level", "kinds"), [("all", ["comment", "mention"]), ("mentions", ["mention"]), ("none", [])])
async def test_each_is_told_what_he_chose_for_the_document(inboxes: Ground, level: str, kinds: list[str]) -> None:
    await inboxes.do(inboxes.ben, "PUT", inboxes.at + "/subscription", {"level": level})
    await inboxes.comment(inboxes.ada, mention(inboxes.ben))
    await inboxes.comment(inboxes.ada, "To nobody.")
    assert await inboxes.kinds(inboxes.ben) == kinds


async def test_a_reaction_is_told_to_the_author_and_taking_it_back_is_not(inboxes: Ground) -> None:
    said = await inboxes.comment(inboxes.ben, "Is it so?")
    path = f"{inboxes.at}/comments/{said['id']}/reactions"
    await inboxes.do(inboxes.ada, "POST", path, {"emoji": "👍"})
    await inboxes.do(inboxes.ada, "DELETE", path + "/👍")
    [item] = await inboxes.inbox(inboxes.ben)
    assert item["title"] == "ada reacted with 👍 to your comment on Score"


async def test_an_edit_tells_whom_it_mentions_now_and_is_quoted_everywhere(inboxes: Ground) -> None:
    said = await inboxes.comment(inboxes.ada, mention(inboxes.ben))
    path = f"{inboxes.at}/comments/{said['id']}"
    await inboxes.do(inboxes.ada, "PATCH", path, {"content": f"{mention(inboxes.ben)} and {mention(inboxes.cyd)}"})
    assert [item["text"] for item in await inboxes.inbox(inboxes.ben)] == ["@ben and @cyd"]
    assert [item["text"] for item in await inboxes.inbox(inboxes.cyd)] == ["@ben and @cyd"]


async def test_what_was_deleted_can_be_read_in_no_inbox(inboxes: Ground) -> None:
    said = await inboxes.comment(inboxes.ada, mention(inboxes.ben))
    await inboxes.do(inboxes.ada, "DELETE", f"{inboxes.at}/comments/{said['id']}")
    assert await inboxes.inbox(inboxes.ben) == []
    assert await inboxes.counts(inboxes.ben) == (0, 0)


async def test_who_was_removed_finds_only_that_he_was(inboxes: Ground) -> None:
    await inboxes.comment(inboxes.ada, mention(inboxes.ben))
    await inboxes.do(inboxes.ada, "DELETE", f"/collaboration/workspaces/{inboxes.workspace}/members/{inboxes.ben.id}")
    [item] = await inboxes.inbox(inboxes.ben)
    assert (item["kind"], item["title"]) == ("membership", "You are no member of Orchestra any more")
    thread = (await inboxes.comment(inboxes.ada, "He cannot read this."))["id"]
    await inboxes.comment(inboxes.cyd, "No.", thread)
    assert await inboxes.kinds(inboxes.ben) == ["membership"]


async def test_an_invitation_is_there_until_it_is_answered_or_taken_back(inboxes: Ground) -> None:
    at = f"/collaboration/workspaces/{inboxes.workspace}"
    for answer in ("accept", "revoke"):
        made = await inboxes.do(inboxes.ada, "POST", at + "/invite", {"email": inboxes.dan.email, "role": "viewer"})
        [item] = await inboxes.inbox(inboxes.dan)
        assert (item["kind"], item["title"]) == ("invitation", "ada invites you to Orchestra")
        if answer == "revoke":
            await inboxes.do(inboxes.ada, "DELETE", f"{at}/invitations/{made['id']}")
        else:
            await inboxes.do(inboxes.dan, "POST", "/auth/invitations/accept", {"id": made["id"]})
            await inboxes.do(inboxes.dan, "DELETE", f"{at}/members/{inboxes.dan.id}")
        assert await inboxes.inbox(inboxes.dan) == []


async def test_what_somebody_wants_nowhere_is_kept_nowhere(inboxes: Ground) -> None:
    nothing = {"in_app": False, "push": False, "email": False, "chat": False}
    await inboxes.do(inboxes.ben, "PUT", "/notifications/preferences", {"kinds": {"mention": nothing}})
    await inboxes.comment(inboxes.ada, mention(inboxes.ben))
    assert await inboxes.inbox(inboxes.ben) == []


async def test_an_event_that_is_heard_again_changes_nothing_before_its_transaction(inboxes: Ground) -> None:
    """`prepare` may be called again for an event that was not finished."""
    heard = []
    prepare = InboxWriter.prepare

    async def twice(self: InboxWriter, event: object) -> object:
        heard.append(event)
        await prepare(self, event)  # type: ignore[arg-type]
        return await prepare(self, event)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(InboxWriter, "prepare", twice)
        await inboxes.comment(inboxes.ada, mention(inboxes.ben))
    assert heard
    assert [item["count"] for item in await inboxes.inbox(inboxes.ben)] == [1]
