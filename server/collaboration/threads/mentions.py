"""Who is mentioned in a comment: it stands in its text, as `@[Ada](user:ID)` or `@[Strings](group:ID)`.

The text is the one truth: an edit that takes the words away takes the mention away, and a copy has it. Text in code
counts like any other.
"""

import re
from collections.abc import Iterable, Sequence

from persistence.groups import GroupStore
from persistence.workspaces import WorkspaceStore
from server.collaboration.threads.model import Mention
from server.errors import FieldIssue, Invalid

__all__ = ["MentionDesk", "mentions_in"]

MENTION = re.compile(r"@\[([^\[\]\n]{1,100})\]\((user|group):([0-9a-f]{32})\)")
MAX_MENTIONS = 50


def mentions_in(content: str) -> list[Mention]:
    """Each of them once, in the order of the text."""
    found: dict[tuple[str, str], Mention] = {}
    for name, kind, id_ in MENTION.findall(content):
        found.setdefault((kind, id_), Mention.model_validate({"kind": kind, "id": id_, "name": name}))
    return list(found.values())


class MentionDesk:
    """Knows who can be mentioned in a workspace: its members, and the groups of the organisation."""

    def __init__(self, workspaces: WorkspaceStore, groups: GroupStore) -> None:
        self._workspaces = workspaces
        self._groups = groups

    async def mentioned(self, organisation: str, workspace: str, content: str) -> list[str]:
        """The users, those of groups as far as they are members of the workspace.

        Raises Invalid for somebody who is no member, a group that is not there, and too many.
        """
        mentions = mentions_in(content)
        if not mentions:
            return []
        if len(mentions) > MAX_MENTIONS:
            raise _invalid(f"must mention at most {MAX_MENTIONS}", len(mentions))
        members = {member.user_id for member in (await self._workspaces.members([workspace]))[workspace]}
        groups = await self._groups.members(organisation, _ids(mentions, "group"))
        for mention in mentions:
            if mention.kind == "user" and mention.id not in members:
                raise _invalid("mentions somebody who is no member of this workspace", mention.id)
            if mention.kind == "group" and mention.id not in groups:
                raise _invalid("mentions a group that is not there", mention.id)
        named = (
            user
            for mention in mentions
            for user in (groups[mention.id] if mention.kind == "group" else [mention.id])
            if user in members
        )
        return _once(named)

    async def newly_mentioned(self, organisation: str, workspace: str, content: str, before: str) -> list[str]:
        """Those that the text did not mention before."""
        users = await self.mentioned(organisation, workspace, content)
        known = {mention.id for mention in mentions_in(before)}
        groups = await self._groups.members(organisation, _ids(mentions_in(before), "group"))
        known |= {user for members in groups.values() for user in members}
        return [user for user in users if user not in known]


def _ids(mentions: Sequence[Mention], kind: str) -> list[str]:
    return [mention.id for mention in mentions if mention.kind == kind]


def _once(users: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(users))


def _invalid(issue: str, given: object) -> Invalid:
    return Invalid(details=[FieldIssue("content", issue, given)])
