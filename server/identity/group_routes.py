"""/auth/groups: the organisation's groups. Bodies are raw, no envelope."""

from fastapi import APIRouter

from server.identity.dependencies import Caller, Wing
from server.identity.groups import Group, GroupInput, group_view

__all__ = ["router"]

# Everybody sees them, to mention them; who manages users manages them.
router = APIRouter(prefix="/auth/groups", tags=["Groups"])


@router.get("", summary="The groups of the organisation, by name")
async def list_groups(caller: Caller, wing: Wing) -> list[Group]:
    return [group_view(row) for row in await wing.groups.all(caller)]


@router.post("", summary="Make a group", status_code=201)
async def make_group(caller: Caller, wing: Wing, new: GroupInput) -> Group:
    return group_view(await wing.groups.create(caller, new))


@router.get("/{group_id}", summary="One group with its members")
async def get_group(caller: Caller, wing: Wing, group_id: str) -> Group:
    return group_view(await wing.groups.get(caller, group_id))


@router.patch("/{group_id}", summary="Rename a group")
async def rename_group(caller: Caller, wing: Wing, group_id: str, change: GroupInput) -> Group:
    return group_view(await wing.groups.rename(caller, group_id, change))


@router.delete("/{group_id}", summary="Delete a group", status_code=204)
async def delete_group(caller: Caller, wing: Wing, group_id: str) -> None:
    await wing.groups.delete(caller, group_id)


@router.put("/{group_id}/members/{user_id}", summary="Put somebody into a group")
async def add_member(caller: Caller, wing: Wing, group_id: str, user_id: str) -> Group:
    return group_view(await wing.groups.add_member(caller, group_id, user_id))


@router.delete("/{group_id}/members/{user_id}", summary="Take somebody out of a group")
async def remove_member(caller: Caller, wing: Wing, group_id: str, user_id: str) -> Group:
    return group_view(await wing.groups.remove_member(caller, group_id, user_id))
