"""Counterpoint as a node that hears of others' events: each line that comes to a port of its own is one of them.

The node is the whole application. What stands in for the other nodes says on the broker what they would say of an event
that they have committed: nothing is stored for it here, as nothing is stored by the servers it is compared with.

    COUNTERPOINT_PORT=... python feed_node.py FILE    the publishers' port is written to FILE
"""

import asyncio
import os
import sys
from pathlib import Path

from server.app import House, build
from server.environment import read_settings
from server.identity.principal import Credentials
from server.realtime.feed.publication import EVENTS
from server.serving import DrainingServer, server_config

NOBODY = Credentials(cookie=None, bearer=None, ticket=None, origin=None, address="127.0.0.1")
KIND = "counterpoint.document.created.v1"


def main() -> None:
    settings = read_settings(os.environ)
    app = build(settings, open_mode=True)

    def tell(port: int) -> None:
        Path(sys.argv[1]).write_text(str(port))

    async def listen(_: int) -> None:
        house: House = app.state.house

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await _publish(house, reader)
            writer.close()

        publishers = await asyncio.start_server(serve, "127.0.0.1", 0)
        tell(publishers.sockets[0].getsockname()[1])

    async def drain() -> None:
        await app.state.house.drain()

    server = DrainingServer(server_config(app, settings), drain=drain, drain_seconds=1.0, on_start=listen)
    server.run()


async def _publish(house: House, reader: asyncio.StreamReader) -> None:
    """The first line names the stream."""
    organisation = (await house.identity.doorkeeper.authenticate(NOBODY)).organisation_id
    stream = (await reader.readline()).decode().strip()
    position = (await house.events.store.positions(organisation, [stream]))[stream]
    offset = position.offset
    while line := await reader.readline():
        offset += 1
        EVENTS.publish(
            house.broker,
            {
                "organisation": organisation,
                "stream": stream,
                "epoch": position.epoch,
                "offset": offset,
                "id_": f"{offset:032x}",
                "type_": KIND,
                "body": line[:-1].decode(),
            },
        )


if __name__ == "__main__":
    main()
