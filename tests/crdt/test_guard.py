"""Section G of the rules: what may become part of a document; with the hostile corpus of the reliability page, 2.2."""

import pytest

from crdt.codec import var_string, var_uint
from crdt.errors import MalformedUpdate, RefusedUpdate
from crdt.guard import Checked, Limits, check
from crdt.updates import DeleteRanges, take
from tests.crdt.crafting import Known, any_values, deleted, gc, item, skip, string, update

ADA, BEN = 7, 9
NULL = b"\x7e"
NOTHING = DeleteRanges()


def checked(data: bytes, state: dict[int, int] | None = None, **limits: int) -> Checked:
    return check(data, state or {}, NOTHING, Limits(**limits))


def one(struct: bytes) -> bytes:
    """An update of one struct by Ada, from clock 0."""
    return update((ADA, 0, [struct]))


def nested(depth: int) -> bytes:
    return b"\x75\x01" * depth + NULL


MALFORMED = {
    "G1 a header that claims 2^31 clients": b"\xff\xff\xff\xff\x07",
    "G1 a header that claims 2^53 clients": var_uint(2**53 - 1),
    "G1 more structs than bytes": b"\x01" + var_uint(10**6) + b"\x07\x00",
    "G1 more values than bytes": one(item(8, var_uint(10**6))),
    "G1 more JSON values than bytes": one(item(2, var_uint(10**6))),
    "G1 more keys than bytes": one(any_values(b"\x76" + var_uint(10**6))),
    "G1 more delete ranges than bytes": b"\x00\x01\x07" + var_uint(10**6),
    "G1 more clients with delete ranges than bytes": b"\x00" + var_uint(10**6),
    "G2 a client twice": update((ADA, 0, [string("a")]), (ADA, 1, [string("b")])),
    "G2 a client without structs": update((ADA, 0, [])) + b"\x00" * 5,
    "G2 something behind the end": one(string("a")) + b"\x00",
    "G2 no bytes at all": b"",
    "G3 the twelve bytes after which pycrdt divides by zero": bytes.fromhex("010207010400090500000000"),
    "G3 an empty string": one(string("")),
    "G3 nothing deleted": one(deleted(0)),
    "G3 no values": one(any_values()),
    "G3 no JSON values": one(item(2, b"\x00")),
    "G3 an empty GC": one(gc(0)),
    "G3 an empty Skip": update((ADA, 0, [skip(0), string("a")])),
    "G3 an empty delete range": update(deletes={ADA: [(3, 3)]}),
    "G3 a clock beyond 2^31": update((ADA, 2**31 - 1, [string("a")])),
    "G3 a clock that yrs would wrap": update((ADA, 2**32, [string("a")])),
    "G3 a length beyond 2^31": one(deleted(2**31)),
    "G3 a GC length beyond 2^31": one(gc(2**40)),
    "G3 a delete range beyond 2^31": update(deletes={ADA: [(5, 2**31)]}),
    "G4 a client id of 2^53": update((2**53, 0, [string("a")])),
    "G4 an origin of 2^53": one(string("a", origin=(2**53, 0))),
    "G4 a client id of 2^64": b"\x01\x01" + b"\xff" * 9 + b"\x01\x00" + string("a") + b"\x00",
    "G4 an over-long number": b"\x81\x00\x01\x07\x00" + string("a") + b"\x00",
    "G4 text that is not UTF-8": one(item(4, b"\x01\xff")),
    "G4 a surrogate in UTF-8": one(item(4, b"\x03\xed\xa0\x80")),
    "G4 a root name that is not UTF-8": one(b"\x04\x01\x01\xff\x01a"),
    "G4 a key that is not UTF-8": one(b"\x24\x01\x01t\x01\xff\x01a"),
    "G4 a node name that is not UTF-8": one(item(7, b"\x03\x01\xff")),
    "G4 an embed that is not UTF-8": one(item(5, b'\x03"\xff"')),
    "G5 content of kind 11": one(item(11, b"\x01")),
    "G5 content of kind 31": one(item(31, b"\x01")),
    "G5 a moved range": one(item(11, b"\x00\x00\x00")),
    "G5 type 7, a weak link": one(item(7, b"\x07")),
    "G5 type 9": one(item(7, b"\x09")),
    "G5 type 15, undefined": one(item(7, b"\x0f")),
    "G5 parent info 2": one(b"\x04\x02\x01t\x01a"),
    "G5 GC with an origin bit": one(b"\x80\x01"),
    "G5 Skip with a key bit": update((ADA, 0, [b"\x2a\x01", string("a")])),
    "G6 an embed that is not JSON": one(item(5, var_string("{"))),
    "G6 an embed of NaN": one(item(5, var_string("NaN"))),
    "G6 an embed of -Infinity": one(item(5, var_string("-Infinity"))),
    "G6 an embed of undefined": one(item(5, var_string("undefined"))),
    "G6 a format that is not JSON": one(item(6, var_string("bold") + var_string("yes"))),
    "G6 a JSON value that is not JSON": one(item(2, b"\x01" + var_string("'"))),
    "G6 two JSON texts in one": one(item(5, var_string("1 2"))),
    "G6 an unknown Any tag": one(any_values(b"\x73")),
    "G6 an Any tag above all": one(any_values(b"\x80")),
    "G6 an Any integer above 2^53": one(any_values(b"\x7d" + b"\xff" * 8 + b"\x01")),
    "G6 an Any integer without an end": one(any_values(b"\x7d" + b"\xff" * 50)),
    "G6 subdocument options that are null": one(item(9, var_string("guid") + NULL)),
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED.keys())
def test_G1_G2_G3_G4_G5_G6_the_form(data: bytes) -> None:
    with pytest.raises(MalformedUpdate):
        checked(data)


WELL_FORMED = {
    "the empty update": update(),
    "an astral string in what may be an array": bytes.fromhex("010106000401016104f09f988000"),
    "the largest id": update((2**53 - 1, 0, [string("a")])),
    "the last clock": one(gc(2**31 - 1)),
    "NUL in text": one(string("\x00")),
    "a root without a name": one(string("a", parent="")),
    "a key without letters": one(item(8, b"\x01" + NULL, key="")),
    "types without a name": update((ADA, 0, [item(7, bytes((n,))) for n in (0, 1, 2, 4, 6)])),
    "types with a name": update((ADA, 0, [item(7, bytes((n,)) + var_string("p")) for n in (3, 5)])),
    "every Any value": one(
        any_values(
            b"\x7f",
            NULL,
            b"\x7d\x40",
            b"\x7d\xbf\xff\xff\xff\xff\xff\xff\x1f",
            b"\x7c" + b"\x00" * 4,
            b"\x7b" + b"\xff" * 8,
            b"\x7a" + b"\x80" * 8,
            b"\x79",
            b"\x78",
            b"\x77\x02\xc3\xa9",
            b"\x76\x01\x01k\x7e",
            b"\x75\x02\x7e\x7f",
            b"\x74\x02\x00\xff",
        )
    ),
    "JSON as Yjs wrote it": one(item(2, b"\x03" + b"".join(map(var_string, ("undefined", '"é"', '{"a":[1.5e-7]}'))))),
    "JSON with a lone surrogate escape": one(item(5, var_string('"\\ud83d"'))),
    "a subdocument": one(item(9, var_string("guid") + b"\x76\x00")),
    "binary": one(item(3, b"\x03\x00\xff\x80")),
    "a format": one(item(6, var_string("bold") + var_string("true"))),
    "brackets in a string are not depth": one(item(5, var_string('"' + "[{" * 50 + '\\""'))),
}


@pytest.mark.parametrize("data", WELL_FORMED.values(), ids=WELL_FORMED.keys())
def test_G1_G2_G3_G4_G5_G6_what_yjs_can_read_is_taken(data: bytes) -> None:
    result = checked(data)
    assert not result.missing
    assert bool(result.fresh) is (data != update())


@pytest.mark.parametrize("data", WELL_FORMED.values(), ids=WELL_FORMED.keys())
def test_G1_every_prefix_is_malformed(data: bytes) -> None:
    for end in range(len(data)):
        with pytest.raises(MalformedUpdate):
            checked(data[:end])


def refused(data: bytes, reason: str, **limits: int) -> None:
    with pytest.raises(RefusedUpdate) as caught:
        checked(data, **limits)
    assert caught.value.reason == reason


def test_G7_limits_are_exact() -> None:
    text = update((ADA, 0, [string("a"), string("b", origin=(ADA, 0))]))
    ranges = update((ADA, 0, [gc(9)]), deletes={ADA: [(0, 1), (2, 3)]})
    assert checked(text, max_bytes=len(text), max_structs=2).fresh
    assert checked(ranges, max_structs=2).deletes.count() == 2
    refused(text, "limit", max_bytes=len(text) - 1)
    refused(text, "limit", max_structs=1)
    refused(ranges, "limit", max_structs=1)


def test_G7_known_delete_ranges_may_come_again() -> None:
    ranges = [(2 * n, 2 * n + 1) for n in range(50)]
    sync = update(deletes={ADA: ranges})
    limits = Limits(max_structs=20)
    with pytest.raises(RefusedUpdate):
        check(sync, {ADA: 100}, NOTHING, limits)
    assert not check(sync, {ADA: 100}, DeleteRanges({ADA: ranges}), limits).deletes


@pytest.mark.parametrize("wrap", [lambda n: any_values(nested(n)), lambda n: item(5, var_string("[" * n + "]" * n))])
def test_G8_values_nest_32_deep(wrap: object) -> None:
    assert callable(wrap)
    assert checked(one(wrap(32))).fresh
    refused(one(wrap(33)), "limit")
    refused(one(wrap(100_000)), "limit")


def test_G9_client_ids_and_roots_are_bounded() -> None:
    many = update(*[(client, 0, [string("a", parent=str(client))]) for client in range(1, 4)])
    assert checked(many, spare_clients=3, max_root_names=3).fresh
    assert checked(many, state={8: 1}, spare_clients=2).fresh
    refused(many, "limit", spare_clients=2)
    refused(many, "limit", max_root_names=2)
    refused(update(deletes={1: [(0, 1)], 2: [(0, 1)]}), "limit", spare_clients=1)


def test_G10_fresh_is_what_integrates() -> None:
    data = update((ADA, 2, [string("cde", origin=(ADA, 1))]))
    result = checked(data, {ADA: 3, BEN: 1})
    assert result == Checked({ADA: (3, 5)}, {ADA: (2, 3)}, NOTHING, {}, None)


def test_G10_utf16_units_are_clocks() -> None:
    assert checked(one(string("aé漢😀"))).fresh == {ADA: (0, 5)}


def test_G10_the_order_of_clients_does_not_matter() -> None:
    ada = (ADA, 0, [string("a"), string("c", origin=(BEN, 0))])
    ben = (BEN, 0, [string("b", origin=(ADA, 0)), string("d", right=(ADA, 1))])
    for data in (update(ada, ben), update(ben, ada)):
        result = checked(data)
        assert result.fresh == {ADA: (0, 2), BEN: (0, 2)}
        assert not result.missing


@pytest.mark.parametrize(
    ("data", "missing"),
    [
        (update((ADA, 5, [string("a")])), {ADA: 4}),
        (one(string("a", origin=(BEN, 3))), {BEN: 3}),
        (one(string("a", right=(BEN, 3))), {BEN: 3}),
        (one(string("a", parent=(BEN, 3))), {BEN: 3}),
        (update(deletes={BEN: [(0, 1), (3, 5)]}), {BEN: 4}),
        (update((ADA, 0, [string("a", origin=(BEN, 5))]), (BEN, 4, [string("xx", origin=(BEN, 3))])), {BEN: 3}),
        (update((ADA, 0, [string("a", origin=(BEN, 0))]), (BEN, 0, [string("b", origin=(3, 8))])), {3: 8}),
    ],
)
def test_G11_a_gap_is_missing_and_no_error(data: bytes, missing: dict[int, int]) -> None:
    result = checked(data)
    assert (result.fresh, result.missing, result.contiguous) == ({}, missing, None)
    assert not checked(data, {ADA: 10, BEN: 10, 3: 10}).missing


def test_G11_the_smallest_missing_clock_is_named() -> None:
    data = update((ADA, 0, [string("a", origin=(BEN, 6))]), (3, 0, [string("c", origin=(BEN, 4))]))
    assert checked(data).missing == {BEN: 4}


def test_G12_the_part_before_a_hole_can_be_taken() -> None:
    data = update(
        (ADA, 0, [string("ab"), skip(3), string("f", origin=(ADA, 4))]),
        (BEN, 0, [string("x"), string("y", origin=(ADA, 5))]),
        deletes={ADA: [(1, 2), (5, 6)], 3: [(0, 2)]},
    )
    result = checked(data, {3: 1})
    assert result.fresh == {ADA: (0, 2), BEN: (0, 1)}
    assert result.missing == {ADA: 4, 3: 1}
    assert result.deletes == DeleteRanges({ADA: [(1, 2)], 3: [(0, 1)]})
    assert result.contiguous == {ADA: 2, BEN: 1, 3: 1}
    part = checked(take(data, result.contiguous), {3: 1})
    assert (part.fresh, part.deletes, part.missing) == (result.fresh, result.deletes, {})


def test_G12_a_hole_over_known_clocks_is_none() -> None:
    data = update((ADA, 0, [string("ab"), skip(3), string("f", origin=(ADA, 4))]))
    result = checked(data, {ADA: 5})
    assert (result.fresh, result.overlap, result.missing, result.contiguous) == ({ADA: (5, 6)}, {ADA: (0, 5)}, {}, None)


def test_G12_nothing_but_a_hole() -> None:
    result = checked(update((ADA, 3, [skip(4)])), {ADA: 1})
    assert (result.fresh, result.overlap, result.missing) == ({}, {}, {})


@pytest.mark.parametrize(
    "data",
    [
        one(string("a", origin=(ADA, 0))),
        one(string("a", right=(ADA, 7))),
        one(string("a", parent=(ADA, 0))),
        update((ADA, 0, [string("a", origin=(BEN, 0))]), (BEN, 0, [string("b", origin=(ADA, 0))])),
        update((ADA, 0, [string("a", right=(BEN, 1))]), (BEN, 0, [string("b"), string("c", parent=(ADA, 0))])),
        update(*[(n, 0, [string("a", origin=(n % 5 + 1, 0))]) for n in range(1, 6)]),
    ],
)
def test_G13_a_circle_is_refused(data: bytes) -> None:
    refused(data, "cycle")


def test_G13_known_clocks_do_not_make_a_circle() -> None:
    data = update((ADA, 0, [string("a", origin=(BEN, 0))]), (BEN, 0, [string("b", origin=(ADA, 0))]))
    assert checked(data, {ADA: 1}).fresh == {BEN: (0, 1)}


def test_G14_only_unknown_delete_ranges_are_told() -> None:
    known = Known()
    known.take(update((ADA, 0, [gc(10)]), deletes={ADA: [(2, 4)]}))
    again = check(update(deletes={ADA: [(1, 6)]}), known.state, known.deleted)
    assert again.deletes == DeleteRanges({ADA: [(1, 2), (4, 6)]})
    known.take(update(deletes={ADA: [(1, 6)]}))
    assert not check(update(deletes={ADA: [(5, 6), (1, 2)]}), known.state, known.deleted).deletes


def test_G14_what_is_repeated_is_named() -> None:
    data = update((ADA, 0, [string("abc")]), (BEN, 0, [string("x")]))
    result = checked(data, {ADA: 3, BEN: 4})
    assert (result.fresh, result.overlap) == ({}, {ADA: (0, 3), BEN: (0, 1)})
