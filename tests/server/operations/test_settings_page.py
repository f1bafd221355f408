"""The settings page writes defaults as a person would, and never a secret's."""

from server.operations.settings_page import settings_page, settings_table


def test_sizes_and_secrets_are_readable() -> None:
    defaults = {name: default for name, default, _, _ in settings_table()}
    assert defaults["COUNTERPOINT_MAX_MESSAGE_BYTES"] == "16 MiB"
    assert defaults["COUNTERPOINT_MAX_CONTENT_BYTES"] == "512 KiB"
    assert defaults["COUNTERPOINT_JWT_SECRET"] == "*secret*"
    assert defaults["COUNTERPOINT_PUBLIC_URL"] == ""
    assert defaults["COUNTERPOINT_DRAIN_SECONDS"] == "10"


def test_every_row_has_four_cells() -> None:
    rows = [line for line in settings_page().splitlines() if line.startswith("| `")]
    assert len(rows) == len(settings_table())
    assert all(row.replace("\\|", "").count("|") == 5 for row in rows)
