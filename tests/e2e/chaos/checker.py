"""What must hold after any faults: the invariants of reliability, over what clients did and what readers see."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Typed", "wrongs_of_a_document", "wrongs_of_a_viewer", "wrongs_of_once"]

TOKEN = re.compile("⟦[^⟧]*⟧")
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Typed:
    """What one client typed; `is_allowed` is false of one who lost the right to."""

    client: str
    sent: Sequence[str]
    acknowledged: Iterable[str]
    is_allowed: bool = True


def wrongs_of_a_document(typed: Sequence[Typed], texts: Mapping[str, str]) -> list[str]:
    """`texts`: what each reader sees: clients, fresh clients of each node, the store. Empty when all is well."""
    sent = {token for each in typed for token in each.sent}
    acknowledged = {token for each in typed for token in each.acknowledged}
    held = {token for each in typed if each.is_allowed for token in each.sent} - acknowledged
    found: list[str] = []
    for reader, text in texts.items():
        counts = Counter(TOKEN.findall(text))
        wrong = {
            "acknowledged and lost": acknowledged - counts.keys(),
            "held by its client and not there": held - counts.keys(),
            "there more than once": {token for token, times in counts.items() if times > 1},
            "typed by nobody": counts.keys() - sent,
            "no token": {rest for rest in [TOKEN.sub("", text)] if rest},
        }
        found += [f"{reader}: {_some(tokens)} {what}" for what, tokens in wrong.items() if tokens]
    if len(set(texts.values())) > 1:
        found.append("replicas differ: " + ", ".join(f"{reader} {len(text)}" for reader, text in texts.items()))
    return found


def wrongs_of_a_viewer(late: Iterable[str], acknowledged: Iterable[str], texts: Mapping[str, str]) -> list[str]:
    """`late`: what somebody typed long enough after he was made a viewer; nothing of it may be anywhere."""
    late = set(late)
    found = [f"a viewer's {_some(late & set(acknowledged))} acknowledged"] if late & set(acknowledged) else []
    for reader, text in texts.items():
        there = late & set(TOKEN.findall(text))
        found += [f"{reader}: a viewer's {_some(there)} written"] if there else []
    return found


def wrongs_of_once(what: str, wanted: Iterable[str], there: Iterable[str]) -> list[str]:
    """Each wanted one is there, once, and nothing else."""
    counts = Counter(there)
    wanted = set(wanted)
    wrong = {
        "lost": wanted - counts.keys(),
        "there more than once": {each for each, times in counts.items() if times > 1},
        "made by nobody": counts.keys() - wanted,
    }
    return [f"{what}: {_some(each)} {how}" for how, each in wrong.items() if each]


def _some(tokens: Iterable[str]) -> str:
    ordered = sorted(tokens)
    return f"{len(ordered)} ({' '.join(ordered[:SHOWN])[:200]})"
