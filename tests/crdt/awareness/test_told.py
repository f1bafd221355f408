"""What was told is remembered for a while, within bounds."""

from crdt.awareness.told import BYTES, FRAMES, Told


def test_A9_the_last_frames_are_known_and_the_oldest_are_forgotten() -> None:
    told = Told()
    frames = [b"%d" % number for number in range(FRAMES + 1)]
    for frame in [*frames, frames[-1]]:
        told.remember(frame)
    assert len(told) == FRAMES
    assert frames[0] not in told
    assert bytes(bytearray(frames[-1])) in told


def test_A9_big_frames_are_remembered_within_a_bound() -> None:
    told = Told()
    for number in range(10):
        told.remember(bytes([number]) * (BYTES // 3))
    assert len(told) == 3
    told.remember(bytes(BYTES + 1))
    assert len(told) == 0
