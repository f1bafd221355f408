"""`make cluster`: two nodes, PostgreSQL, Valkey and a proxy on this machine."""

import asyncio
import signal
import sys
from contextlib import suppress
from pathlib import Path

import click

from deploy.cluster import Cluster, Ports
from deploy.parts import NotStarted

VALKEY = 79
"""The port of Valkey, counted from the proxy's; the nodes have the ports after the proxy's."""


@click.command()
@click.option("--nodes", type=click.IntRange(1, 16), default=2, show_default=True, help="How many nodes.")
@click.option("--port", type=click.IntRange(1024, 65000), default=8000, show_default=True, help="Of the proxy.")
@click.option("--folder", type=click.Path(path_type=Path), default=Path("data/cluster"), show_default=True)
def main(nodes: int, port: int, folder: Path) -> None:
    """Start a cluster, and keep it running until Ctrl-C. SIGHUP restarts the nodes one after the other."""
    ports = Ports(port, tuple(range(port + 1, port + 1 + nodes)), port + VALKEY)
    try:
        asyncio.run(_run(Cluster(folder.resolve(), ports, {}, click.echo)))
    except NotStarted as error:
        sys.exit(str(error))


async def _run(cluster: Cluster) -> None:
    stopped, rolled = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    loop.add_signal_handler(signal.SIGHUP, rolled.set)
    try:
        click.echo("Starting PostgreSQL, Valkey, the nodes and a proxy ...")
        await cluster.start()
        _greet(cluster)
        tasks = [asyncio.create_task(each) for each in (cluster.tend(), _roll(cluster, rolled))]
        await stopped.wait()
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        click.echo("Stopping ...")
    finally:
        await cluster.stop()


async def _roll(cluster: Cluster, rolled: asyncio.Event) -> None:
    while True:
        await rolled.wait()
        rolled.clear()
        await cluster.roll()


def _greet(cluster: Cluster) -> None:
    click.echo(f"\n  Counterpoint is at {cluster.url}\n")
    for part in cluster.parts:
        click.echo(f"  {part.name:<12} process {part.pid}")
    link = _set_up_link(cluster)
    if link:
        click.echo(f"\n  {link}")
    click.echo(f"\n  What they say is in {cluster.folder}. Kill any of them, and see what happens.\n")


def _set_up_link(cluster: Cluster) -> str | None:
    """The last node's last word on how the first account is made."""
    said = [line.strip() for line in cluster.nodes[-1].log.read_text(errors="replace").splitlines()[-20:]]
    links = [line for line in said if line.startswith("Make the first account at")]
    return links[-1] if links else None


if __name__ == "__main__":
    main()
