"""The tables of the benchmarks say what was measured, and what was not."""

from pathlib import Path

from benchmarks import loads, report
from benchmarks.aims import AIMS, Aim, reached
from benchmarks.contenders import SERVERS
from benchmarks.report import Row, at

LATENCY = {"p50": 1.0, "p95": 2.0, "p99": 3.0, "max": 4.0, "n": 5}


def typed(**figures: float) -> dict[str, object]:
    return {
        "sent_per_s": 50.0,
        "delivered_per_s": 5000.0,
        "frames_per_s": 5000.0,
        "us_per_delivery": 10.0,
        "latency_ms": LATENCY,
        "cpu_pct": 50.0,
        "others_pct": 1.0,
        "peak_kb": 102400,
        "verify": {"complete": True},
        **figures,
    }


def aim(**changes: object) -> Aim:
    return Aim(
        **{
            "text": "the aim",
            "table": "fan-out",
            "load": "max",
            "figure": at("us_per_delivery"),
            "limit": 1.5,
            "rival": "C loop",
            **changes,
        }
    )


def test_a_table_shows_least_median_and_most() -> None:
    rows = [Row("fan-out", "max", "counterpoint", [typed(sent_per_s=each) for each in (1.0, 5.0, 3.0)])]
    assert "| 1 / **3** / 5 |" in report.page(rows, {}, [], "today")


def test_a_load_that_failed_says_why() -> None:
    page = report.page([Row("fan-out", "max", "hocuspocus", [], ["it | ended"])], {}, [], "today")
    assert "no figures: it / ended" in page


def test_a_run_that_lost_updates_is_counted_as_incomplete() -> None:
    runs = [typed(), {**typed(), "verify": {"complete": False}}]
    assert report.page([Row("fan-out", "max", "counterpoint", runs)], {}, [], "today").rstrip().endswith("| 1/2 |")


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    rows = [Row("fan-out", "max", "counterpoint", [typed()]), Row("fan-out", "max", "hocuspocus", [], ["no"])]
    lines = [line for line in report.page(rows, {}, [], "today").splitlines() if line.startswith("| ")]
    table = lines[lines.index(next(line for line in lines if line.startswith("| load"))) :]
    assert len({line.count("|") for line in table}) == 1


def test_an_aim_compares_the_medians() -> None:
    rows = [
        Row("fan-out", "max", "counterpoint", [typed(us_per_delivery=each) for each in (1.0, 14.0, 90.0)]),
        Row("fan-out", "max", "C loop", [typed(us_per_delivery=10.0)]),
    ]
    assert list(reached(rows, [aim()])) == [("the aim", "at most 1.5 x", "1.40 x", "yes")]


def test_an_aim_that_is_missed_says_so_whichever_way_it_points() -> None:
    rows = [Row("fan-out", "max", name, [typed()]) for name in ("counterpoint", "C loop")]
    verdicts = [met for *_, met in reached(rows, [aim(limit=0.9), aim(limit=1.1, at_least=True)])]
    assert verdicts == ["no", "no"]


def test_an_aim_without_figures_is_unknown() -> None:
    rows = [Row("fan-out", "max", "counterpoint", [typed()]), Row("fan-out", "max", "C loop", [], ["no"])]
    assert [met for *_, met in reached(rows, [aim()])] == ["unknown"]


def test_every_aim_names_a_load_and_servers_that_are_run() -> None:
    run = {(load.table, load.name, name) for load in loads.LOADS for name in load.servers}
    wanted = {(each.table, each.load, name) for each in AIMS for name in (each.server, each.rival) if name}
    assert wanted <= run


def test_every_load_names_known_servers_and_a_known_table() -> None:
    known = {server.name for server in SERVERS}
    assert {name for load in loads.LOADS for name in load.servers} <= known
    assert {load.table for load in loads.LOADS} <= set(report.TABLES)


def test_the_aims_are_written_between_their_marks_however_often() -> None:
    text = f"before\n{report.BEGIN}old\n{report.END}\nafter\n"
    once = report.with_aims(text, [("a", "at most 1 x", "0.50 x", "yes")])
    assert report.with_aims(once, [("a", "at most 1 x", "0.50 x", "yes")]) == once
    assert once.startswith("before\n")
    assert once.endswith("after\n")
    assert "| a | at most 1 x | 0.50 x | yes |" in once
    assert "old" not in once


def test_the_readme_has_the_marks() -> None:
    readme = (Path(report.__file__).parent / "README.md").read_text()
    assert "| aim | limit |" in report.with_aims(readme, [])
