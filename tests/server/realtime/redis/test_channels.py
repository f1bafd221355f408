"""Channels are below the prefix; on a cluster those of one partition share a slot."""

from redis.crc import key_slot

from server.realtime.redis.channels import PARTITIONS, Channels


def test_one_server_needs_no_partitions() -> None:
    channels = Channels("pad", is_cluster=False)
    assert (channels.partition_of("document:7"), channels.channel("document:7", 0)) == (0, b"pad:document:7")


def test_channels_of_a_partition_share_the_slot_that_is_said_and_partitions_are_spread() -> None:
    channels = Channels("pad", is_cluster=True)
    topics = [f"document:{n}" for n in range(1000)]
    partitions = {topic: channels.partition_of(topic) for topic in topics}
    assert set(partitions.values()) == set(range(PARTITIONS))
    for topic, partition in partitions.items():
        assert key_slot(channels.channel(topic, partition)) == channels.slot_of(partition)
    assert len({channels.slot_of(partition) for partition in range(PARTITIONS)}) > PARTITIONS * 0.9
