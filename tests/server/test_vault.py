"""Rule A7: a dump of the database has no secret in it, and a secret that was moved or changed cannot be read."""

import base64
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.settings import Settings
from server.vault import KeyFileError, KeyLost, SealBroken, Unsealable, Vault, key_of

PLAIN = b"whsec_SESAME"
VAULT = Vault({"00112233": b"k" * 32}, "00112233", Path("secret.key"))


def settings(folder: Path, file: Path | None = None) -> Settings:
    return Settings(data_dir=folder / "data", secret_key_file=file)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault.open(settings(tmp_path))


def a_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


def test_what_is_sealed_is_read_back_and_cannot_be_seen(vault: Vault) -> None:
    sealed = vault.seal(PLAIN, "webhooks:1")
    assert vault.unseal(sealed, "webhooks:1") == PLAIN
    assert "SESAME" not in sealed
    assert vault.seal(PLAIN, "webhooks:1") != sealed, "equal secrets must not look equal"
    assert key_of(sealed) == vault.sealing


def test_a_vault_does_not_show_its_keys(vault: Vault) -> None:
    [key] = vault.keys.values()
    assert str(key) not in repr(vault)


def test_a_secret_in_another_row_cannot_be_read(vault: Vault) -> None:
    sealed = vault.seal(PLAIN, "webhooks:1")
    for other in ("webhooks:2", "push:1", ""):
        with pytest.raises(SealBroken):
            vault.unseal(sealed, other)


@given(st.data())
def test_a_secret_that_was_changed_cannot_be_read(data: st.DataObject) -> None:
    sealed = VAULT.seal(PLAIN, "webhooks:1")
    at = data.draw(st.integers(0, len(sealed) - 1))
    changed = sealed[:at] + data.draw(st.characters(codec="ascii")) + sealed[at + 1 :]
    if changed != sealed:
        with pytest.raises(Unsealable):
            VAULT.unseal(changed, "webhooks:1")


def test_another_spelling_of_the_same_bytes_is_a_change(vault: Vault) -> None:
    sealed = vault.seal(b"123456", "webhooks:1")  # 34 bytes with nonce and tag: their last letter has spare bits
    bare = sealed.removesuffix("==")
    assert bare != sealed
    with pytest.raises(SealBroken):
        vault.unseal(f"{bare[:-1]}{chr(ord(bare[-1]) + 1)}==", "webhooks:1")


@given(st.text())
def test_what_was_never_sealed_is_a_clear_error(text: str) -> None:
    with pytest.raises(Unsealable):
        VAULT.unseal(text, "webhooks:1")


def test_the_key_is_made_once_for_this_user_only(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        vaults = list(pool.map(lambda _: Vault.open(settings(tmp_path)), range(8)))
    assert len({vault.sealing for vault in vaults}) == 1
    file = tmp_path / "data" / "secret.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.iterdir()] == ["secret.key"], "no draft stays behind"


def test_a_lost_key_is_a_clear_error_that_names_the_file(vault: Vault, tmp_path: Path) -> None:
    sealed = vault.seal(PLAIN, "webhooks:1")
    (tmp_path / "data" / "secret.key").unlink()
    other = Vault.open(settings(tmp_path))
    with pytest.raises(KeyLost, match=r"secret\.key: bring that file back"):
        other.unseal(sealed, "webhooks:1")


def test_a_new_key_in_front_seals_and_the_old_one_still_reads(vault: Vault, tmp_path: Path) -> None:
    sealed, file = vault.seal(PLAIN, "webhooks:1"), tmp_path / "data" / "secret.key"
    file.write_text(a_key() + "\n" + file.read_text())
    both = Vault.open(settings(tmp_path))
    assert both.sealing != vault.sealing
    assert both.unseal(sealed, "webhooks:1") == PLAIN
    assert key_of(both.seal(PLAIN, "webhooks:1")) == both.sealing


def test_a_file_that_the_operator_names_is_used_and_never_made(tmp_path: Path) -> None:
    file = tmp_path / "named.key"
    with pytest.raises(KeyFileError, match="SECRET_KEY_FILE"):
        Vault.open(settings(tmp_path, file))
    assert not file.exists()
    file.write_text(a_key())
    assert Vault.open(settings(tmp_path, file)).file == file


@pytest.mark.parametrize("text", ["", "\n", "short", base64.b64encode(b"x" * 31).decode(), "schlüssel"])
def test_a_file_without_a_key_is_refused_without_its_text(tmp_path: Path, text: str) -> None:
    file = tmp_path / "named.key"
    file.write_text(text)
    with pytest.raises(KeyFileError) as refused:
        Vault.open(settings(tmp_path, file))
    assert str(file) in str(refused.value)
    assert not text.strip() or text not in str(refused.value)
