"""What the generator says becomes figures, with what disturbed them."""

import json

import pytest

from benchmarks.generator import result_in

RESULT = {"secs": 2.0, "core0_busy_ms": 1500, "ticks_ms": 1000, "generator": {"own_cpu_ms": 1900}}


def test_the_result_line_is_found_among_others() -> None:
    said = f"some warning\nRESULT {json.dumps(RESULT)}\n"
    assert result_in(said, 0)["secs"] == 2.0


def test_what_others_took_of_the_servers_core_is_told_in_percent() -> None:
    assert result_in(f"RESULT {json.dumps(RESULT)}", 0)["others_pct"] == 25.0


def test_what_the_generator_missed_of_its_own_core_is_told_in_percent() -> None:
    assert result_in(f"RESULT {json.dumps(RESULT)}", 0)["starved_pct"] == 5.0


def test_no_result_is_an_error_with_its_last_words() -> None:
    with pytest.raises(RuntimeError, match="ended with 2: not let in"):
        result_in("not let in\n", 2)
