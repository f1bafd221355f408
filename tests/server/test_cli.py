"""The command line: help with examples, people and tokens, a doctor that says how to mend, an orderly stop."""

import asyncio
import base64
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli import main
from server.commands import examination
from server.operations.settings_page import settings_page
from tests.e2e.support.valkey import Valkey
from tests.server.webhooks.stage import ground

PASSWORD = "correct horse battery staple"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Runner":
    for name in list(os.environ):
        if name.startswith("COUNTERPOINT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COUNTERPOINT_DATA_DIR", str(tmp_path / "data"))
    return Runner()


class Runner:
    def __call__(self, *words: str, **environment: str) -> Result:
        return CliRunner().invoke(
            main, words, env={f"COUNTERPOINT_{name}": value for name, value in environment.items()}
        )


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("serve",),
        ("doctor",),
        *[("user", *rest) for rest in ((), ("add",), ("list",), ("password",), ("role",))],
        *[("document", *rest) for rest in ((), ("show",), ("release",))],
        *[("token", *rest) for rest in ((), ("create",), ("list",), ("revoke",))],
    ],
)
def test_every_command_explains_itself(run: Runner, words: tuple[str, ...]) -> None:
    result = run(*words, "--help")
    assert result.exit_code == 0
    assert len(result.output.splitlines()) >= 5


@pytest.mark.parametrize(
    "words", [(), ("serve",), ("user",), ("document",), ("token",), ("user", "add"), ("token", "create")]
)
def test_help_has_examples(run: Runner, words: tuple[str, ...]) -> None:
    assert " ".join(["counterpoint", *words]) in run(*words, "--help").output


def test_people_are_added_listed_and_given_roles_and_passwords(run: Runner) -> None:
    added = run("user", "add", "Ada@example.org", "--name", "Ada", "--role", "admin", "--password", PASSWORD)
    assert added.exit_code == 0, added.output
    assert run("user", "add", "ben@example.org", "--password", PASSWORD).exit_code == 0
    assert run("user", "role", "ben@example.org", "viewer").exit_code == 0
    assert run("user", "password", "ben@example.org", "--password", PASSWORD + "!").exit_code == 0
    lines = run("user", "list").output.splitlines()
    assert [line.split("\t")[:3] for line in lines] == [
        ["ada@example.org", "admin", "active"],
        ["ben@example.org", "viewer", "active"],
    ]


def test_another_organisation_is_made_with_its_first_account_and_is_not_seen_by_the_first(run: Runner) -> None:
    assert run("user", "add", "ada@example.org", "--password", PASSWORD).exit_code == 0
    assert run("user", "add", "eve@other.org", "--organisation", "Other", "--password", PASSWORD).exit_code == 0
    assert run("user", "add", "bob@other.org", "--organisation", "Other", "--password", PASSWORD).exit_code == 0
    assert "other.org" not in run("user", "list").output


def test_a_poor_password_and_a_wrong_address_are_refused_in_one_sentence(run: Runner) -> None:
    poor = run("user", "add", "ada@example.org", "--password", "short")
    assert (poor.exit_code, "Traceback" in poor.output) == (1, False)
    assert "password" in poor.output
    assert run("user", "add", "nonsense", "--password", PASSWORD).exit_code == 1
    assert "nobody here has the address" in run("user", "role", "eve@example.org", "viewer").output


def test_a_token_is_told_once_listed_without_itself_and_revoked(run: Runner) -> None:
    run("user", "add", "ada@example.org", "--role", "admin", "--password", PASSWORD)
    made = run("token", "create", "ada@example.org", "--name", "import", "--scope", "documents:write", "--days", "90")
    assert made.output.startswith("cpt_")
    line = run("token", "list", "ada@example.org").output
    assert made.output.strip() not in line
    token_id, scopes, *_ = line.split("\t")
    assert scopes == "documents:write"
    assert run("token", "revoke", "ada@example.org", token_id).exit_code == 0
    assert run("token", "list", "ada@example.org").output == ""
    assert run("token", "revoke", "ada@example.org", token_id).exit_code == 1


@pytest.mark.parametrize("words", [("serve",), ("doctor",), ("user", "list")])
def test_a_wrong_setting_stops_the_start_with_its_name_and_without_its_value(
    run: Runner, words: tuple[str, ...]
) -> None:
    result = run(*words, JWT_SECRET="SESAME-SESAME", PROT="1")
    assert result.exit_code == 2
    assert "COUNTERPOINT_JWT_SECRET: must have 32 bytes or more" in result.output
    assert "did you mean COUNTERPOINT_PORT?" in result.output
    assert "SESAME" not in result.output


def test_open_mode_is_for_this_machine_only(run: Runner) -> None:
    result = run("serve", "--open", "--host", "0.0.0.0")
    assert result.exit_code == 2
    assert "0.0.0.0" in result.output


def test_the_doctor_finds_a_sound_house_sound(run: Runner) -> None:
    result = run("doctor")
    assert result.exit_code == 0, result.output
    for what in ("settings", "data folder", "disk", "store", "secret key", "worker", "clock", "exposure"):
        assert what in result.output
    assert "WRONG" not in result.output


def test_the_doctor_says_how_to_mend_a_data_folder(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    result = run("doctor")
    assert result.exit_code == 1
    assert "WRONG data folder" in result.output
    assert "COUNTERPOINT_DATA_DIR" in result.output


def test_the_doctor_says_that_a_store_does_not_answer_without_its_password(run: Runner) -> None:
    result = run("doctor", DATABASE_URL="postgresql://ada:SESAME@127.0.0.1:1/none")
    assert result.exit_code == 1
    assert "WRONG store" in result.output
    assert "SESAME" not in result.output


def test_the_doctor_says_that_a_mail_server_takes_no_letters_and_no_password(run: Runner) -> None:
    mail = {
        "SMTP_URL": "smtps://ada:SESAME@127.0.0.1:1",
        "MAIL_FROM": "pad@example.org",
        "PUBLIC_URL": "https://x.example",
    }
    result = run("doctor", **mail)
    assert "note  mail: 127.0.0.1:1 does not take letters" in result.output
    assert "COUNTERPOINT_SMTP_URL" in result.output
    assert "SESAME" not in result.output


def test_the_doctor_says_whether_the_broker_carries(run: Runner, valkey: Valkey) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("server.commands.examination.BROKER_SECONDS", 0.5)
        patch.setattr("server.commands.examination.EXAMINATIONS", (examination._broker,))
        nowhere = {"DATABASE_URL": "postgresql://127.0.0.1:1/none", "REDIS_URL": "redis://ada:SESAME@127.0.0.1:1"}
        broken = run("doctor", **nowhere)
        assert "note  broker: does not carry: no connection (ConnectionError)" in broken.output
        assert (broken.exit_code, "SESAME" in broken.output) == (0, False)
        well = run("doctor", **(nowhere | {"REDIS_URL": valkey.url}))
        assert "ok    broker: carries a message out and back in " in well.output


def test_a_key_file_that_is_not_there_stops_the_start_and_the_doctor_says_how_to_mend_it(run: Runner) -> None:
    started = run("serve", SECRET_KEY_FILE="/nowhere/secret.key")
    assert started.exit_code == 1
    assert "/nowhere/secret.key is not there" in started.output
    looked = run("doctor", SECRET_KEY_FILE="/nowhere/secret.key")
    assert looked.exit_code == 1
    assert "WRONG secret key" in looked.output
    assert "backup" in looked.output


def test_the_doctor_finds_that_the_key_of_what_is_in_the_store_is_lost(run: Runner, tmp_path: Path) -> None:
    async def make() -> None:
        async with ground(tmp_path / "data") as place:
            await place.hook()

    asyncio.run(make())
    assert "ok    secret key" in run("doctor").output
    (tmp_path / "data" / "secret.key").write_text(base64.b64encode(b"k" * 32).decode())
    result = run("doctor")
    assert result.exit_code == 1
    assert "WRONG secret key: secrets in the store are sealed with" in result.output
    assert "bring it back" in result.output


def test_the_doctor_notes_a_key_file_that_others_may_read(run: Runner, tmp_path: Path) -> None:
    file = tmp_path / "named.key"
    file.write_text(base64.b64encode(b"k" * 32).decode())
    file.chmod(0o644)
    result = run("doctor", SECRET_KEY_FILE=str(file))
    assert "note  secret key" in result.output
    assert f"chmod 600 {file}" in result.output


def test_the_doctor_prints_the_settings_page(run: Runner) -> None:
    assert run("doctor", "--settings-page").output == settings_page()


def test_a_stop_is_orderly_and_ends_with_0(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COUNTERPOINT_")}
    environment |= {"COUNTERPOINT_DATA_DIR": str(tmp_path), "COUNTERPOINT_PORT": "0"}
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "server.cli", "serve"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    greeting = next(line for line in process.stdout if "set" in line and "#" in line)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    assert "/setup#cpu_" in greeting
    assert greeting.split("#")[1].strip() not in errors
    assert "Traceback" not in errors
