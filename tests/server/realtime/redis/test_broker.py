"""Two nodes and a real Valkey: what is said arrives once and in order, and whatever breaks is told as a gap."""

import asyncio
from dataclasses import replace
from socket import socket

from redis.asyncio import Redis

from server.clock import SystemClock
from server.realtime.redis.broker import MOST_QUEUED, RedisBroker
from server.realtime.redis.envelope import seal
from server.redis_address import read_redis_url
from tests.e2e.support.valkey import Valkey
from tests.server.realtime.redis.nodes import QUICK, Node, nodes


async def test_everyone_hears_once_and_in_order_and_the_speaker_at_once(valkey: Valkey) -> None:
    async with nodes(valkey, 2, "t") as (one, two):
        said = [("t", str(n).encode()) for n in range(100)]
        for topic, payload in said:
            one.broker.publish(topic, payload)
        assert one.heard == said
        await two.until(lambda: len(two.heard) == 100)
        two.broker.publish("t", b"answer")  # after it all that one's own echo could bring has come
        await one.until(lambda: one.heard[-1] == ("t", b"answer"))
        assert two.heard == [*said, ("t", b"answer")]
        assert one.heard == [*said, ("t", b"answer")]
        assert (one.broker.trouble, one.broker.figures.unsent, one.broker.round_trip < 1) == (None, 0, True)


async def test_what_is_for_this_node_alone_is_not_carried(valkey: Valkey) -> None:
    async with nodes(valkey, 2, "t") as (one, two):
        one.broker.publish_here("t", b"here")
        one.broker.publish("t", b"all")
        await two.until(lambda: bool(two.heard))
        assert (one.heard, two.heard) == ([("t", b"here"), ("t", b"all")], [("t", b"all")])


async def test_topics_come_and_go_while_it_runs(valkey: Valkey) -> None:
    async with nodes(valkey, 2, "sync") as (one, two):
        end = two.hear("a")
        end_of_b = two.hear("b")
        end_of_b()
        again = two.hear("b")
        await echoed(two)
        one.broker.publish("a", b"1")
        one.broker.publish("b", b"2")
        one.broker.publish("c", b"3")
        await two.until(lambda: len(two.heard) == 2)
        end()
        again()
        await echoed(two)
        one.broker.publish("a", b"4")
        one.broker.publish("sync", b"")
        await two.until(lambda: ("sync", b"") in two.heard)
        assert two.heard == [("a", b"1"), ("b", b"2"), ("sync", b"")]


async def test_prefixes_are_apart(valkey: Valkey) -> None:
    async with nodes(valkey, 1, "t") as (one,), nodes(valkey, 1, "t") as (other,):
        one.broker.publish("t", b"1")
        await echoed(one)
        await echoed(other)
        assert other.heard == []


async def test_garbage_of_a_stranger_is_counted_and_ignored(valkey: Valkey) -> None:
    async with nodes(valkey, 1, "t") as (node,), Redis.from_url(valkey.url) as stranger:
        channel = node.broker._channels.channel("t", 0)
        echo = node.broker._channels.channel(f"echo:{node.broker._node.hex()}", 0)
        for to in (channel, echo):
            for message in (b"", b"cp1", b"\xff" * 100, b"x" * 100_000):
                await stranger.publish(to, message)
        await stranger.publish(channel, seal(b"n" * 16, b"good"))
        await node.until(lambda: bool(node.heard))
        assert (node.heard, node.broker.figures.garbage, node.gaps) == ([("t", b"good")], 4, 1)


async def test_a_gap_is_said_after_a_connection_was_cut(valkey: Valkey) -> None:
    async with nodes(valkey, 2, "t") as (one, two), Redis.from_url(valkey.url) as admin:
        before = two.gaps
        await admin.client_kill_filter(_type="pubsub")
        await two.until_gap(before)
        await one.until_gap(before)
        one.broker.publish("t", b"after")
        await two.until(lambda: bool(two.heard))
        assert two.heard == [("t", b"after")]


async def test_a_server_that_dies_and_comes_back_is_found_again_and_all_are_told(valkey: Valkey) -> None:
    async with nodes(valkey, 2, "t") as (one, two):
        before = two.gaps
        valkey.kill()
        try:
            await one.until_lost()
            one.broker.publish("t", b"lost")
            assert one.heard == [("t", b"lost")]
            assert one.broker.figures.unsent == 1
            assert "127.0.0.1" not in (one.broker.trouble or "127.0.0.1")
        finally:
            valkey.begin_again()
        await one.until_gap(before)
        await two.until_gap(before)
        one.broker.publish("t", b"found")
        await two.until(lambda: bool(two.heard))
        assert two.heard == [("t", b"found")]


async def test_a_server_that_is_silent_is_left_and_asked_again(valkey: Valkey) -> None:
    async with nodes(valkey, 1, "t", patience=replace(QUICK, late=0.1, lost=0.2)) as (node,):
        before = node.gaps
        valkey.freeze()
        try:
            await node.until_lost()
            assert node.broker.trouble == "the server has not answered for 0.2 s"
        finally:
            valkey.go_on()
        await node.until_gap(before)


async def test_a_pause_of_the_server_that_is_short_loses_nothing(valkey: Valkey) -> None:
    async with nodes(valkey, 2, "t") as (one, two), Redis.from_url(valkey.url) as admin:
        before = two.gaps, one.gaps
        await admin.client_pause(100)
        one.broker.publish("t", b"1")
        await two.until(lambda: bool(two.heard))
        assert (two.gaps, one.gaps) == before


async def test_who_says_more_than_fits_tells_the_others_of_a_gap(valkey: Valkey) -> None:
    async with nodes(valkey, 2, "t") as (one, two):
        before = two.gaps
        for _ in range(MOST_QUEUED + 10):
            one.broker.publish("t", b"x")
        await two.until_gap(before)
        assert one.broker.figures.unsent == MOST_QUEUED
        assert len(one.heard) == MOST_QUEUED + 10
        await two.until(lambda: len(two.heard) == 10)


async def test_a_user_with_few_rights_will_do_and_a_wrong_password_is_told(valkey: Valkey) -> None:
    rights = ["+@pubsub", "+hello", "+client|setname", "+client|setinfo"]
    async with Redis.from_url(valkey.url) as admin:
        await admin.execute_command("ACL", "SETUSER", "pad", "on", ">p/w", "resetchannels", "&few:*", "-@all", *rights)
        url = valkey.url.replace("//", "//pad:p%2Fw@")
        async with nodes(valkey, 2, "t", url=url, prefix="few") as (one, two):
            one.broker.publish("t", b"1")
            await two.until(lambda: bool(two.heard))
        for wrong, prefix in ((url.replace("p%2Fw", "x"), "few"), (url, "another")):
            node = Node(RedisBroker(read_redis_url(wrong), prefix, SystemClock(), QUICK))
            node.broker.start()
            await node.until_failed()
            assert node.broker.trouble in ("no connection (AuthenticationError)", "no connection (NoPermissionError)")
            await node.broker.stop()


async def test_a_cluster_carries_by_shards() -> None:
    with Valkey(**{"cluster-enabled": "yes", "cluster-port": "0"}) as valkey:
        async with Redis.from_url(valkey.url) as admin:
            await admin.execute_command("CLUSTER", "ADDSLOTSRANGE", "0", "16383")
        topics = [f"document:{n}" for n in range(20)]
        async with nodes(valkey, 2, *topics) as (one, two):
            for topic in topics:
                one.broker.publish(topic, topic.encode())
            await two.until(lambda: len(two.heard) == len(topics))
            assert set(two.heard) == {(topic, topic.encode()) for topic in topics}
            async with Redis.from_url(valkey.url) as admin:
                assert await admin.execute_command("PUBSUB", "NUMPAT") == 0
                assert await admin.execute_command("PUBSUB", "CHANNELS") == []


async def test_without_a_server_a_node_runs_alone() -> None:
    with socket() as closed:
        closed.bind(("127.0.0.1", 0))  # nobody listens here
        node = Node(
            RedisBroker(read_redis_url(f"redis://127.0.0.1:{closed.getsockname()[1]}"), "p", SystemClock(), QUICK)
        )
        node.hear("t")
        node.broker.start()
        await node.until_failed(times=3)
        node.broker.publish("t", b"1")
        assert (node.heard, node.gaps) == ([("t", b"1")], 0)
        assert node.broker.trouble == "no connection (ConnectionError)"
        await node.broker.stop()


async def echoed(node: Node) -> None:
    """The server has done all that it was asked to until now."""
    link = node.broker._links[0]
    async with asyncio.timeout(5):
        for _ in range(2):
            link._echoed.clear()
            await link._echoed.wait()
