"""What a user can meet is written down: settings, close codes, error codes, commands; and every claim has its proof."""

import re

import pytest

from server.errors import TOLD, AppError
from server.settings import Settings, variable
from tests.architecture.house import ROOT, tracked_files

REFERENCE = ROOT / "docs" / "reference"
CLAIMS = ROOT / "docs" / "explanation" / "claims.md"
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
CODE_SPAN = re.compile(r"`[^`\n]*`")
A_PROOF = re.compile(r"`((?:tests|benchmarks|examples)/[\w./-]+)(?:::(\w+))?`")


def kinds_of(error: type[AppError]) -> set[type[AppError]]:
    return {error}.union(*(kinds_of(kind) for kind in error.__subclasses__()))


def test_every_error_has_a_row_in_the_table() -> None:
    assert kinds_of(AppError) - {AppError} == set(TOLD)


@pytest.mark.parametrize("setting", sorted(Settings.model_fields))
def test_every_setting_is_documented(setting: str) -> None:
    assert f"`{variable(setting)}`" in (REFERENCE / "settings.md").read_text()


@pytest.mark.parametrize("code", sorted({told.close for told in TOLD.values()}))
def test_every_close_code_is_documented(code: int) -> None:
    assert re.search(rf"^\| {code} \|", (REFERENCE / "close-codes.md").read_text(), re.MULTILINE)


@pytest.mark.parametrize("code", sorted({told.code for told in TOLD.values()}))
def test_every_error_code_is_documented(code: str) -> None:
    page = (REFERENCE / "errors.md").read_text()
    statuses = {told.status for told in TOLD.values() if told.code == code}
    for status in statuses:
        assert re.search(rf"^\| `{code}` \| .*\b{status}\b", page, re.MULTILINE), f"{code} {status}"


def test_retried_and_terminal_codes_are_told_apart() -> None:
    page = (REFERENCE / "close-codes.md").read_text()
    for told in TOLD.values():
        row = re.search(rf"^\| {told.close} \| ([a-z]+)", page, re.MULTILINE)
        assert row, told.close
        assert row[1] == ("retry" if told.retry else "stop"), told.close


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in tracked_files()
        if page.suffix == ".md"
        for target in LINK.findall(CODE_SPAN.sub("code", page.read_text()))  # what stands in code is no link
        if not target.startswith(("http://", "https://", "mailto:")) and not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_claim_names_a_proof_that_exists() -> None:
    rows = [
        line for line in CLAIMS.read_text().splitlines() if line.startswith("| ") and not line.startswith("| Claim")
    ]
    assert rows, "no claims"
    for row in rows:
        proofs = A_PROOF.findall(row)
        assert proofs, f"no proof: {row}"
        for path, name in proofs:
            assert (ROOT / path).exists(), f"{path} is not there: {row}"
            assert not name or f"def {name}(" in (ROOT / path).read_text(), f"{path} has no {name}: {row}"
