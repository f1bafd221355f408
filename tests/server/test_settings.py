"""Settings are one frozen, documented table; whatever cannot be understood stops the start and shows no secret."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from server.environment import SettingsError, read_settings
from server.operations.settings_page import settings_page, settings_table
from server.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "settings.md"


def faults_of(**environment: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        read_settings({f"COUNTERPOINT_{name}": value for name, value in environment.items()})
    return caught.value.faults


def test_the_documentation_says_what_the_settings_are() -> None:
    assert PAGE.read_text("utf-8") == settings_page(), "run: counterpoint doctor --settings-page"


def test_every_setting_says_what_it_means_and_every_number_has_a_unit() -> None:
    for name, default, unit, meaning in settings_table():
        assert meaning.endswith("."), name
        assert unit or not default[:1].isdigit() or name in {"COUNTERPOINT_HOST", "COUNTERPOINT_PORT"}, name


def test_an_empty_environment_is_enough() -> None:
    settings = read_settings({"PATH": "/bin"})
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.store_url.startswith("sqlite:////")
    assert settings.loopback


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        read_settings({}).port = 1


def test_an_empty_value_counts_as_not_set() -> None:
    assert read_settings({"COUNTERPOINT_PORT": "", "COUNTERPOINT_PUBLIC_URL": ""}).port == 8000


def test_the_command_line_wins() -> None:
    assert read_settings({"COUNTERPOINT_PORT": "1"}, port=2, host=None).port == 2


def test_an_unknown_name_is_refused_with_the_nearest_one() -> None:
    assert faults_of(PROT="8000") == ("COUNTERPOINT_PROT: there is no such setting; did you mean COUNTERPOINT_PORT?",)


def test_a_name_in_small_letters_is_refused() -> None:
    with pytest.raises(SettingsError, match="COUNTERPOINT_port"):
        read_settings({"COUNTERPOINT_port": "1"})


def test_every_fault_is_told_at_once() -> None:
    assert len(faults_of(PORT="http", LOG_LEVEL="loud", NOTHING="1")) == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "70000"),
        ("PORT", "tcp://10.0.0.1:8000"),
        ("SESSION_HOURS", "nan"),
        ("SESSION_HOURS", "0"),
        ("DRAIN_SECONDS", "inf"),
        ("MAX_BODY_BYTES", "-1"),
        ("PUBLIC_URL", "pad.example.org"),
        ("PUBLIC_URL", "https://pad.example.org/sub"),
        ("PUBLIC_URL", "javascript:alert(1)"),
        ("ALLOWED_ORIGINS", "https://ok.example, *"),
        ("ALLOWED_ORIGINS", "https://ok.example/"),
        ("ALLOWED_ORIGINS", "null"),
        ("TRUSTED_PROXIES", "everyone"),
        ("MAX_CONTENT_BYTES", "2MiB"),
        ("ADMIN_EMAIL", "ada@example.org"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str) -> None:
    assert f"COUNTERPOINT_{name}" in faults_of(**{name: value})[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://ada:SESAME-SESAME@store/x"),
        ("REDIS_URL", "http://ada:SESAME-SESAME@store"),
        ("JWT_SECRET", "SESAME-SESAME"),
        ("ADMIN_PASSWORD", "SESAME-SESAME"),
        ("SESAME_PASSWORD", "SESAME-SESAME"),
    ],
)
def test_a_secret_is_never_echoed(name: str, value: str) -> None:
    assert "SESAME-SESAME" not in "".join(faults_of(**{name: value}))


def test_a_secret_is_not_in_the_representation() -> None:
    settings = Settings.model_validate({"jwt_secret": "x" * 32, "database_url": "postgresql://ada:sesame@store/x"})
    assert "sesame" not in repr(settings)
    assert "xxx" not in repr(settings)
    assert settings.store_url == "postgresql://ada:sesame@store/x"


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "jwt").write_text("x" * 32 + "\n")
    settings = read_settings({"COUNTERPOINT_JWT_SECRET_FILE": str(tmp_path / "jwt")})
    assert settings.jwt_secret is not None
    assert settings.jwt_secret.get_secret_value() == "x" * 32


def test_a_secret_file_that_is_not_there_is_told() -> None:
    assert faults_of(JWT_SECRET_FILE="/nowhere/jwt")[0].startswith("COUNTERPOINT_JWT_SECRET_FILE: the file cannot be")


def test_only_secrets_may_come_from_a_file() -> None:
    assert "COUNTERPOINT_PORT_FILE" in faults_of(PORT_FILE="/dev/null")[0]


def test_origins_are_a_list() -> None:
    settings = read_settings({"COUNTERPOINT_ALLOWED_ORIGINS": "https://A.example, http://localhost:3000,"})
    assert settings.allowed_origins == ("https://a.example", "http://localhost:3000")


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.2", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("pad.example", False)],
)
def test_loopback_is_what_only_this_machine_reaches(host: str, loopback: bool) -> None:
    assert read_settings({"COUNTERPOINT_HOST": host}).loopback is loopback


def test_a_broker_needs_a_store_that_several_nodes_can_share() -> None:
    assert "COUNTERPOINT_REDIS_URL needs PostgreSQL" in faults_of(REDIS_URL="redis://127.0.0.1")[0]
    settings = read_settings(
        {"COUNTERPOINT_REDIS_URL": "redis://127.0.0.1", "COUNTERPOINT_DATABASE_URL": "postgresql://store/pad"}
    )
    assert settings.redis_prefix == "counterpoint"
    assert not settings.is_sqlite
