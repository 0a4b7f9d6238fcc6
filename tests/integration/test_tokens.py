"""With a PKCS#11 token, a copy of the keystore opens nothing once the token's key is destroyed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from linkage_service.settings import TokenSettings
from linkage_service.storage.keystore import Keystore
from linkage_service.storage.tokens import Token, open_token
from policy.base.errors import PadanError
from policy.crypto.vault import Vault
from tests.support.service import Town
from tests.support.tokens import PIN, WRONG_PIN, Tokens, soft_tokens

STORAGE_KEY = bytes(32)


@pytest.fixture(scope="session")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    return soft_tokens(tmp_path_factory.mktemp("softhsm"))


@pytest.fixture(scope="session")
def settings(tokens: Tokens) -> TokenSettings:
    return TokenSettings(tokens.module, "padan", tokens.pin)


@pytest.fixture(scope="session")
def token(settings: TokenSettings) -> Token:
    opened = open_token(settings)
    assert opened is not None
    return opened


def code(act: Callable[[], Any]) -> str:
    """The code of the error, which names no PIN; empty if there is none."""
    try:
        act()
    except PadanError as error:
        return "a PIN is shown" if PIN in f"{error.problem}{error.hint}" else error.code
    return ""


def test_a_key_is_drawn_once_and_opens_with_its_token_alone(
    tmp_path: Path, token: Token, settings: TokenSettings
) -> None:
    vault = Vault(tmp_path, STORAGE_KEY)
    keystore = Keystore(vault, token)
    key = keystore.create("satu", 1)
    assert keystore.create("satu", 1).secret_bytes() == key.secret_bytes()
    assert keystore.get("satu", 1).public_bytes() == key.public_bytes()
    assert key.secret_bytes() not in vault.get("satu.1"), "the folder alone holds the key"
    assert code(lambda: Keystore(vault).get("satu", 1)) == "token.needed"
    other = open_token(replace(settings, label="lain"))
    assert code(lambda: Keystore(vault, other).get("satu", 1)) == "token.key-gone"
    # The key of another epoch, under the first one's name.
    keystore.create("satu", 2)
    (tmp_path / "tukar").mkdir()
    exchanged = Vault(tmp_path / "tukar", STORAGE_KEY)
    exchanged.put("satu.1", vault.get("satu.2"))
    assert code(lambda: Keystore(exchanged, token).get("satu", 1)) == "token.closed"


def test_the_key_never_leaves_the_token(tmp_path: Path, token: Token, tokens: Tokens) -> None:
    Keystore(Vault(tmp_path, STORAGE_KEY), token).create("tetap", 1)
    import pkcs11
    from pkcs11.exceptions import AttributeSensitive

    session = pkcs11.lib(str(tokens.module)).get_token(token_label="padan").open(rw=False)
    key = session.get_key(object_class=pkcs11.ObjectClass.SECRET_KEY, label="tetap.1")
    assert not key[pkcs11.Attribute.EXTRACTABLE]
    with pytest.raises(AttributeSensitive):
        key[pkcs11.Attribute.VALUE]


@pytest.mark.parametrize("with_token", [True, False], ids=["token", "folder alone"])
def test_a_backup_of_the_folder(tmp_path: Path, token: Token, with_token: bool) -> None:
    folder, backup = tmp_path / "keystore", tmp_path / "backup"
    keystore = Keystore(Vault(folder, STORAGE_KEY), token if with_token else None)
    keystore.create("musnah", 1)
    shutil.copytree(folder, backup)
    keystore.destroy("musnah", 1)
    keystore.destroy("musnah", 1)
    assert not keystore.has("musnah", 1)
    assert code(lambda: keystore.get("musnah", 1)) == "vault.missing"
    shutil.rmtree(folder)
    backup.rename(folder)
    # Without a token the backup opens again: the negative control.
    expected = "token.key-gone" if with_token else ""
    assert code(lambda: keystore.get("musnah", 1)) == expected


def test_a_crash_between_both_parts_of_a_destruction(tmp_path: Path, token: Token) -> None:
    keystore = Keystore(Vault(tmp_path, STORAGE_KEY), token)
    keystore.create("putus", 1)
    token.destroy("putus.1")
    assert keystore.has("putus", 1)
    keystore.destroy("putus", 1)
    assert not keystore.has("putus", 1)
    keystore.create("putus", 2)
    keystore.vault.destroy("putus.2")
    assert keystore.has("putus", 2)
    keystore.destroy("putus", 2)
    assert not keystore.has("putus", 2)


def test_nothing_is_said_to_be_destroyed_without_its_token(tmp_path: Path, token: Token) -> None:
    vault = Vault(tmp_path, STORAGE_KEY)
    Keystore(vault, token).create("lupa", 1)
    assert code(lambda: Keystore(vault).destroy("lupa", 1)) == "token.needed"
    assert Keystore(vault, token).has("lupa", 1)


def test_a_key_drawn_before_there_was_a_token_stays(tmp_path: Path, token: Token) -> None:
    vault = Vault(tmp_path, STORAGE_KEY)
    key = Keystore(vault).create("lama", 1)
    keystore = Keystore(vault, token)
    assert keystore.get("lama", 1).secret_bytes() == key.secret_bytes()
    keystore.destroy("lama", 1)
    assert not keystore.has("lama", 1)


_OPEN = """
import sys
from pathlib import Path
from linkage_service.settings import TokenSettings
from linkage_service.storage.tokens import open_token
from policy.base.errors import PadanError
module, label, pin = sys.argv[1:]
try:
    open_token(TokenSettings(Path(module), label, Path(pin)))
except PadanError as error:
    print(error.code, error.problem, error.hint)
"""


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ""),
        ({"pin": WRONG_PIN}, "token.pin"),
        ({"label": "tidak-ada"}, "token.away"),
        ({"module": "/tidak/ada.so"}, "token.away"),
    ],
    ids=["right", "wrong PIN", "no such token", "no such library"],
)
def test_a_token_that_does_not_open(
    tokens: Tokens, tmp_path: Path, change: dict[str, str], expected: str
) -> None:
    pin = tmp_path / "pin"
    pin.write_text(change.get("pin", PIN))
    arguments = (change.get("module", str(tokens.module)), change.get("label", "padan"), str(pin))
    done = subprocess.run(
        [sys.executable, "-c", _OPEN, *arguments], capture_output=True, text=True, check=True
    )
    assert done.stdout.split(" ")[0].strip() == expected
    assert WRONG_PIN not in done.stdout


def test_settings_that_are_not_complete(tokens: Tokens) -> None:
    assert open_token(TokenSettings()) is None
    assert code(lambda: open_token(TokenSettings(tokens.module))) == "token.settings"


def test_a_service_with_a_token(tmp_path: Path, settings: TokenSettings) -> None:
    town = Town(tmp_path, extra={"token": settings})
    keystore = town.settings().keystore
    with town.serving():
        town.agree()
        for dataset in town.persons:
            town.upload(dataset)
        town.match("padan-1")
        shutil.copytree(keystore, tmp_path / "backup")
        service, project = town.service, town.service.ledger.project(town.project_id)
        bundle = project.bundles()["dtks"].body
        assert sum(map(len, service.intake.rows(project, bundle))) > 0
        service.keystore.destroy(town.project_id, project.charter.epoch)
        shutil.copytree(tmp_path / "backup", keystore, dirs_exist_ok=True)
        assert code(lambda: list(service.intake.rows(project, bundle))) == "token.key-gone"
