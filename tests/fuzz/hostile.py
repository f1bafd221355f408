"""Hostile updates by somebody who knows the document: well formed mostly, and wrong where it hurts."""

import random

from crdt.codec import var_string, var_uint
from tests.crdt.crafting import Id, Known, gc, item, skip, update

__all__ = ["Attacker", "mangled"]

TEXTS = ["a", "word", "é", "😀", "\ufffd", "a😀b", "\x00", "x" * 300]
JSONS = ["null", "true", '"é"', "{}", '{"a":[1,null]}', "-1.5e-7", '"\\ud83d"', "123456789012345678901234567890"]
ANYS = [
    b"\x7f",
    b"\x7e",
    b"\x7d\x40",
    b"\x7d\x2a",
    b"\x7b\x7f\xf8" + b"\x00" * 6,
    b"\x7a" + b"\x00" * 7 + b"\x2a",
    b"\x78",
    b"\x77\x02\xc3\xa9",
    b"\x76\x02\x01k\x7e\x09__proto__\x76\x00",
    b"\x75\x02\x7e\x75\x00",
    b"\x74\x02\x00\xff",
]
ROOTS = ["text", "map", "array", "xml", "", "other"]


class Attacker:
    """Makes updates against a known state: real clocks, and origins and parents of any kind, also impossible ones."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.ids = [self.random.randrange(1, 2**32) for _ in range(4)]

    def update(self, known: Known) -> bytes:
        pick = self.random
        clients = pick.sample(self.ids, pick.randrange(1, 4))
        reach = dict(known.state)
        blocks = []
        for client in clients:
            clock = first = self._start(reach.get(client, 0))
            structs = []
            for _ in range(pick.randrange(1, 6)):
                struct, length = self._struct(reach, client, clock)
                structs.append(struct)
                clock += length
                reach[client] = max(clock, reach.get(client, 0))
            blocks.append((client, first, structs))
        return update(*blocks, deletes=self._deletes(reach))

    def _start(self, known: int) -> int:
        return known if self.random.random() < 0.85 else max(0, known + self.random.randrange(-3, 3))

    def _struct(self, reach: dict[int, int], client: int, clock: int) -> tuple[bytes, int]:
        pick = self.random
        chance = pick.random()
        length = pick.randrange(1, 4)
        if chance < 0.05:
            return gc(length), length
        if chance < 0.08:
            return skip(length), length
        kind, content, length = self._content()
        origin = self._id(reach, client, clock) if pick.random() < 0.7 else None
        right = self._id(reach, client, clock) if pick.random() < 0.4 else None
        parent = pick.choice(ROOTS) if pick.random() < 0.5 else self._id(reach, client, clock) or "text"
        key = pick.choice([None, None, "k", "é"])
        return item(kind, content, origin=origin, right=right, parent=parent, key=key), length

    def _id(self, reach: dict[int, int], client: int, clock: int) -> Id | None:
        """Mostly something that exists."""
        pick = self.random
        if pick.random() < 0.04:
            return pick.choice(self.ids), pick.randrange(50)
        known = {each: end for each, end in (reach | {client: clock}).items() if end}
        if not known:
            return None
        chosen = pick.choice(list(known))
        end = known[chosen]
        return chosen, max(0, end - 1 - min(pick.randrange(8), pick.randrange(end)))

    def _content(self) -> tuple[int, bytes, int]:
        pick = self.random
        kind = pick.choice([1, 2, 3, 4, 4, 4, 5, 6, 7, 7, 7, 8, 8, 9])
        number = pick.randrange(1, 4)
        text = pick.choice(TEXTS)
        match kind:
            case 1:
                return kind, var_uint(number), number
            case 2:
                values = [pick.choice([*JSONS, "undefined"]) for _ in range(number)]
                return kind, var_uint(number) + b"".join(map(var_string, values)), number
            case 3:
                return kind, var_string(text), 1
            case 4:
                return kind, var_string(text), len(text.encode("utf-16-le")) // 2
            case 5:
                return kind, var_string(pick.choice(JSONS)), 1
            case 6:
                return kind, var_string(text) + var_string(pick.choice(JSONS)), 1
            case 7:
                type_ref = pick.randrange(7)
                return kind, bytes((type_ref,)) + (var_string(text) if type_ref in (3, 5) else b""), 1
            case 8:
                return kind, var_uint(number) + b"".join(pick.choices(ANYS, k=number)), number
            case _:
                return kind, var_string(text) + b"\x76\x01\x04meta" + pick.choice(ANYS), 1

    def _deletes(self, reach: dict[int, int]) -> dict[int, list[tuple[int, int]]]:
        pick = self.random
        ranges: dict[int, list[tuple[int, int]]] = {}
        for client, end in reach.items():
            if end and pick.random() < 0.3:
                start = pick.randrange(end)
                ranges[client] = [(start, start + pick.randrange(1, 5 if pick.random() < 0.1 else end - start + 1))]
        return ranges


def mangled(data: bytes, pick: random.Random) -> bytes:
    """Some bytes changed, cut, doubled or put in."""
    out = bytearray(data)
    for _ in range(pick.randrange(1, 4)):
        at = pick.randrange(len(out) + 1)
        match pick.randrange(4):
            case 0 if at < len(out):
                out[at] = pick.choice([0, 1, 2, 10, 127, 128, 255, out[at] ^ (1 << pick.randrange(8))])
            case 1:
                del out[at : at + pick.randrange(1, 4)]
            case 2:
                out[at:at] = out[at : at + pick.randrange(1, 9)]
            case _:
                out[at:at] = pick.randbytes(pick.randrange(1, 4))
    return bytes(out)
