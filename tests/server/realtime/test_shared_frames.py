"""One frame for all who are told the same, for a while."""

from crdt.messages import SyncStatus, SyncStep2, Update
from server.realtime.shared_frames import KEPT, SharedFrames
from server.realtime.voice import HocuspocusVoice, YWebsocketVoice


def test_equal_voices_share_the_frame_of_one_update_and_others_have_their_own() -> None:
    shared, update = SharedFrames(), bytes(5_000)
    frame = shared.encode(HocuspocusVoice("plan"), SyncStep2(update))
    assert shared.encode(HocuspocusVoice("plan"), SyncStep2(update)) is frame
    assert shared.encode(HocuspocusVoice("plan"), SyncStep2(bytes(bytearray(update)))) is not frame
    assert shared.encode(YWebsocketVoice(), SyncStep2(update)) is not frame
    assert shared.encode(HocuspocusVoice("plan"), Update(update)) is not frame
    assert shared.encode(HocuspocusVoice("plan"), SyncStep2(update)) is frame


def test_a_few_are_kept_and_only_while_they_are_asked_for() -> None:
    shared = SharedFrames()
    for number in range(KEPT * 2):
        shared.encode(YWebsocketVoice(), Update(bytes(5_000 + number)))
    assert len(shared) == KEPT
    shared.expire()
    assert len(shared) == KEPT
    shared.expire()
    assert len(shared) == 0


def test_what_is_small_is_not_kept() -> None:
    shared = SharedFrames()
    shared.encode(YWebsocketVoice(), Update(b"\x00\x00"))
    shared.encode(HocuspocusVoice("plan"), SyncStatus(applied=True))
    assert len(shared) == 0
