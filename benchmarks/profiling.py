"""Where Counterpoint's time goes: py-spy beside a load. `make profile`."""

import argparse
import resource
import subprocess
import time
import venv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import contenders, generator
from benchmarks.cores import GENERATOR_CPU, on_core, put_first
from benchmarks.machine import facts
from benchmarks.report import table
from benchmarks.servers import BUILD, Running, place_for, running
from hatch_build import node_environment

__all__ = ["Profile", "read_stacks", "top"]

PY_SPY = "py-spy==0.4.3"
TOOLS = BUILD / "py-spy"
HERE = Path(__file__).resolve().parent
PUBLISHED = HERE / "PROFILE.md"
WARMUP = 2.0
SHARE = 20  # lines of each table
# By name: the generator's arguments, without those of time.
LOADS: Mapping[str, Sequence[str]] = {
    "a-fixed": ("--documents", "1", "--writers", "1", "--readers", "100", "--rate", "50"),
    "a-max": ("--documents", "1", "--writers", "1", "--readers", "100", "--window", "32"),
    "a-w1": ("--documents", "1", "--writers", "1", "--readers", "100", "--window", "1"),
    "b-max": ("--documents", "200", "--writers", "2", "--readers", "0", "--window", "8"),
    "b-w1": ("--documents", "200", "--writers", "2", "--readers", "0", "--window", "1"),
    "c": ("--mode", "idle", "--documents", "100", "--readers", "100", "--timeout", "90"),
    "e": ("--documents", "1", "--writers", "300", "--readers", "0", "--cursors", "--echo", "--rate", "0.2"),
}


@dataclass(frozen=True, slots=True)
class Profile:
    """Samples by function: `own` those that were in it, `within` those in it or below. `samples` is their number."""

    samples: int
    own: Counter[str]
    within: Counter[str]


def read_stacks(lines: Iterable[str]) -> Profile:
    """The folded stacks of py-spy: frames from the outermost on, divided by semicolons, and a number."""
    own: Counter[str] = Counter()
    within: Counter[str] = Counter()
    samples = 0
    for line in lines:
        stack, _, count = line.rstrip("\n").rpartition(" ")
        frames = [_function(each) for each in stack.split(";")]
        samples += int(count)
        own[frames[-1]] += int(count)
        for frame in set(frames):
            within[frame] += int(count)
    return Profile(samples, own, within)


def _function(frame: str) -> str:
    """ "name (file.py:12)" without the line."""
    name, colon, _ = frame.rpartition(":")
    return f"{name})" if colon and frame.endswith(")") else frame


def top(counted: Counter[str], samples: int, share: int = SHARE) -> list[str]:
    """The functions with most samples, as the lines of a table."""
    rows = ((f"{100 * count / samples:.1f}", f"`{name}`") for name, count in counted.most_common(share))
    return table(("%", "function"), rows)


def main() -> None:
    """A page for each load that was asked for, and its folded stacks, for a flame graph."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profiling", description=__doc__)
    parser.add_argument("loads", nargs="*", metavar="LOAD", help=f"{', '.join(LOADS)}; all by default")
    parser.add_argument("--seconds", type=float, default=6.0, help="of each profile (%(default)s)")
    parser.add_argument("--first", action="store_true", help="before other programs of this machine; needs root")
    parser.add_argument("--publish", action="store_true", help="also write PROFILE.md")
    parser.add_argument("--out", type=Path, default=BUILD / "profiles", help="the folder (%(default)s)")
    options = parser.parse_args()
    if unknown := set(options.loads) - set(LOADS):
        parser.error(f"no such load: {', '.join(unknown)}")
    generator.build()
    _install()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    options.out.mkdir(parents=True, exist_ok=True)
    pages = []
    for name in options.loads or LOADS:
        pages.append("\n".join(_profiled(name, options)) + "\n")
        (options.out / f"{name}.md").write_text(pages[-1])
        print(pages[-1], flush=True)
    if options.publish:
        PUBLISHED.write_text("\n".join([*_head(), *pages]))


def _head() -> list[str]:
    known = facts(HERE.parent, "node")
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    which = (
        f"Counterpoint {known['Counterpoint']} on Python {known['Python']}, {known['processor']}, {known['CPUs']} CPUs"
    )
    return ["# Where the time goes", "", f"Measured {when}: {which}. Made by `make profile ARGS=--publish`.", ""]


def _install() -> None:
    """py-spy, in an environment of its own."""
    if not (TOOLS / "bin/py-spy").exists():
        venv.create(TOOLS, with_pip=True)
        subprocess.run([str(TOOLS / "bin/python"), "-m", "pip", "install", "-q", PY_SPY], check=True)


def _profiled(name: str, options: argparse.Namespace) -> list[str]:
    """The page of one load."""
    server = contenders.named("counterpoint")
    arguments = [*LOADS[name], "--seconds", str(options.seconds)]
    connecting = "idle" in arguments
    if not connecting:
        arguments += ["--warmup", str(WARMUP)]
    with (
        place_for(server) as place,
        running(server, place, node_environment(), first=options.first) as target,
        generator.started(target, "run", arguments, first=options.first) as load,
    ):
        if not connecting:
            _until_typing(target)
            time.sleep(WARMUP)
        before = _thread_times(target)
        stacks = _sampled(target, options.out / name, options)
        after = _thread_times(target)
        said = load.communicate(timeout=120)[0]
    result = generator.result_in(said, load.returncode)
    profile = read_stacks(stacks)
    figures = (
        f"{_what(result)}, while py-spy slowed it; others {result['others_pct']:.0f} %. "
        f"{profile.samples} samples of threads that hold the interpreter's lock."
    )
    threads = "CPU of the threads, with what they do outside of the lock (sends, fsync, SQLite):"
    head = [f"## {name}: `{' '.join(LOADS[name])}`", "", figures, "", threads, ""]
    own = ["", "In the function itself:", "", *top(profile.own, profile.samples)]
    ours = Counter({each: count for each, count in profile.within.items() if _is_ours(each)})
    return [
        *head,
        *_threads(before, after),
        *own,
        "",
        "In it or below, our functions only:",
        "",
        *top(ours, profile.samples),
    ]


def _what(result: generator.Result) -> str:
    if "connects_per_s" in result:
        return f"{result['connects_per_s']:,.0f} connects/s, {result['us_per_connect']:,.0f} us of CPU for each"
    return (
        f"{result['delivered_per_s']:,.0f} updates/s delivered, {result['us_per_delivery']:.2f} us of CPU for each, "
        f"{result['us_per_update']:,.0f} us for an update"
    )


def _is_ours(function: str) -> bool:
    return any(
        f"({package}/" in function for package in ("crdt", "persistence", "server/realtime", "server/collaboration")
    )


def _until_typing(target: Running) -> None:
    """Wait until connecting is over: the generator opens its sockets, then there are no more."""
    sockets, same = 0, 0
    deadline = time.monotonic() + 60
    while same < 4 and time.monotonic() < deadline:
        time.sleep(0.25)
        now = len(list(Path(f"/proc/{target.pids[0]}/fd").iterdir()))
        same = same + 1 if now == sockets and now > 50 else 0
        sockets = now


def _sampled(target: Running, stem: Path, options: argparse.Namespace) -> list[str]:
    """Folded stacks, which stay beside the page."""
    raw = stem.with_suffix(".txt")
    command = [str(TOOLS / "bin/py-spy"), "record", "--gil", "-r", "200", "-p", str(target.pids[0])]
    command += ["-d", str(max(1, round(options.seconds - 2))), "-f", "raw", "-o", str(raw)]
    with on_core(GENERATOR_CPU):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
    if options.first:
        put_first(process.pid)
    said = process.communicate(timeout=120)[1]
    if process.returncode != 0 or not raw.exists():
        raise SystemExit(f"py-spy: {said.decode(errors='replace')[-300:]}")
    return raw.read_text().splitlines()


def _thread_times(target: Running) -> dict[str, tuple[str, int, int, float]]:
    """By thread: its name, user and system time in hundredths of a second, and when."""
    times = {}
    for thread in Path(f"/proc/{target.pids[0]}/task").iterdir():
        text = (thread / "stat").read_text()
        fields = text.rpartition(")")[2].split()
        times[thread.name] = (
            text[text.index("(") + 1 : text.rindex(")")],
            int(fields[11]),
            int(fields[12]),
            time.monotonic(),
        )
    return times


def _threads(
    before: Mapping[str, tuple[str, int, int, float]], after: Mapping[str, tuple[str, int, int, float]]
) -> list[str]:
    """The busiest five, in percent of a core."""
    rows = []
    for thread, (name, user, system, when) in after.items():
        shown = f"{name}, first thread" if thread == min(after, key=int) else name
        _, user_then, system_then, then = before.get(thread, (name, 0, 0, when - 1))
        rows.append(((user - user_then) / (when - then), (system - system_then) / (when - then), shown))
    rows.sort(key=lambda row: -row[0] - row[1])
    return table(
        ("thread", "user %", "system %"), ((name, f"{user:.0f}", f"{system:.0f}") for user, system, name in rows[:5])
    )


if __name__ == "__main__":
    main()
