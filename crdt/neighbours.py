"""In which type an item stands: only the first item of a type says it, the others name a neighbour."""

from bisect import bisect_right

from crdt.updates.structs import Id, Parsed, Struct

__all__ = ["Neighbours"]


class Neighbours:
    """Finds structs, and the type in which each stands, from neighbour to neighbour."""

    def __init__(self, parsed: Parsed) -> None:
        self._structs = {block.client: block.structs for block in parsed.blocks}
        self._parents: dict[Id, Id | str | None] = {}

    def parent_of(self, item: Id) -> Id | str | None:
        """The item that is its type, or the name of its root; None when that is not known (any more)."""
        passed: list[Id] = []
        parent: Id | str | None = None
        place: Id | None = item
        while place is not None:
            struct = self.struct_at(place)
            if struct is None:
                break
            start = (place[0], struct.clock)
            if start in self._parents:
                parent = self._parents[start]
                break
            passed.append(start)
            self._parents[start] = None
            if struct.parent is not None:
                parent = struct.parent
                break
            place = struct.origin or struct.right_origin
        self._parents.update(dict.fromkeys(passed, parent))
        return parent

    def struct_at(self, place: Id) -> Struct | None:
        """The struct that holds this clock; None when the update does not have it."""
        structs = self._structs.get(place[0], [])
        index = bisect_right(structs, place[1], key=_clock) - 1
        found = structs[index] if index >= 0 else None
        return found if found is not None and place[1] < found.next_clock else None


def _clock(struct: Struct) -> int:
    return struct.clock
