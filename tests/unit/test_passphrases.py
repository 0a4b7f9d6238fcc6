"""One passphrase a person and machine: in a keyring that protects it, or asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null

from policy.terminal import console, passphrases
from tests.support.joining import Joiners
from tests.support.programme import command

SECRET = "beberapa kata acak"


class Memory(KeyringBackend):
    """A keyring that protects, with the interface of `keyring`."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}
        self.locked = False

    def _open(self) -> None:
        if self.locked:
            raise keyring.errors.KeyringLocked

    def get_password(self, service: str, username: str) -> str | None:
        self._open()
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._open()
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._open()
        del self.entries[service, username]


class PlainText(Memory):
    """As `keyrings.alt.file.PlaintextKeyring` presents itself."""

    priority = 0.5  # type: ignore[assignment]


class Boasting(Memory):
    """A plain file that calls itself recommended."""

    priority = 9  # type: ignore[assignment]


Boasting.__module__ = "keyrings.alt.file"


@pytest.fixture
def memory() -> Iterator[Memory]:
    before, held = keyring.get_keyring(), Memory()
    keyring.set_keyring(held)
    yield held
    keyring.set_keyring(before)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked at the terminal; every answer is the same passphrase."""
    prompts: list[str] = []

    def answer(prompt: str) -> str:
        prompts.append(prompt)
        return SECRET

    monkeypatch.setattr(console, "getpass", answer)
    return prompts


def create(home: Path, *options: str) -> None:
    person = ("bps", "--agency", "bps", "--name", "BPS", "--role", "party")
    made = command("padan-policy", "--home", str(home), *options, "identity", "create", *person)
    assert made.code == 0, made.err


def open_keys(home: Path) -> int:
    """A command that opens the keys."""
    return command("padan-policy", "--home", str(home), "--json", "identity", "renew").code


def test_it_is_asked_for_once_on_a_machine_with_a_keyring(
    memory: Memory, asked: list[str], tmp_path: Path
) -> None:
    create(tmp_path / "home")
    assert len(asked) == 2, "typed, and once more"
    kept = command("padan-policy", "--home", str(tmp_path / "home"), "--json", "passphrase", "keep")
    assert kept.json() == [{"held": True}]
    assert list(memory.entries.values()) == [SECRET]
    asked.clear()
    assert open_keys(tmp_path / "home") == 0
    assert asked == []

    forgotten = command("padan-policy", "--json", "passphrase", "forget")
    assert forgotten.json() == [{"removed": True}]
    assert command("padan-policy", "--json", "passphrase", "forget").json() == [{"removed": False}]
    assert open_keys(tmp_path / "home") == 0
    assert len(asked) == 1


def test_an_accepted_invite_keeps_the_one_passphrase(
    memory: Memory, asked: list[str], tmp_path: Path
) -> None:
    """Two people's homes on one machine: the second is not asked; --no-keyring keeps nothing."""
    town = Joiners(tmp_path)
    town.invite()

    def accept(name: str, *more: str) -> None:
        options = ("--home", str(town.home(name)), "--json")
        reply = ("--reply", str(tmp_path / f"{name}.padan"))
        answer = command(
            "padan-policy", *options, "accept", str(town.invite_file(name)), *reply, *more
        )
        assert answer.code == 0, answer.err

    accept("bps", "--no-keyring")
    assert (len(asked), memory.entries) == (2, {})
    accept("dinsos")
    assert (len(asked), list(memory.entries.values())) == (4, [SECRET])
    accept("diskominfo")
    assert len(asked) == 4


@pytest.mark.parametrize(
    "backend",
    [PlainText, Boasting, null.Keyring, fail.Keyring],
    ids=["plain", "boasting", "null", "fail"],
)
def test_a_keyring_that_does_not_protect_is_not_used(
    memory: Memory, asked: list[str], tmp_path: Path, backend: type[KeyringBackend]
) -> None:
    assert passphrases.secure_backend() is memory, "the control"
    weak = backend()
    keyring.set_keyring(weak)
    assert passphrases.secure_backend() is None
    assert not passphrases.keep(SECRET.encode())
    assert passphrases.held() is None
    assert not getattr(weak, "entries", {})
    create(tmp_path / "home")
    refused = command(
        "padan-policy", "--home", str(tmp_path / "home"), "--json", "passphrase", "keep"
    )
    assert refused.error is not None
    assert refused.error.code == "passphrase.no-keyring"
    asked.clear()
    assert open_keys(tmp_path / "home") == 0
    assert len(asked) == 1


def test_of_several_keyrings_the_one_that_protects_is_used(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = PlainText()
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [plain, Boasting(), memory])
    keyring.set_keyring(chainer.ChainerBackend())
    assert passphrases.keep(SECRET.encode())
    assert (plain.entries, list(memory.entries.values())) == ({}, [SECRET])


def test_a_locked_keyring_and_another_home_are_asked_for(
    memory: Memory, asked: list[str], tmp_path: Path
) -> None:
    create(tmp_path / "home")
    memory.entries["padan", "passphrase"] = "sandi milik folder rumah lain"
    asked.clear()
    assert open_keys(tmp_path / "home") == 0
    assert len(asked) == 1
    memory.locked = True
    assert open_keys(tmp_path / "home") == 0
    assert len(asked) == 2


def test_a_passphrase_is_changed_and_an_interrupted_change_is_completed(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text(SECRET)
    new.write_text("kata acak yang baru")
    home = tmp_path / "home"

    def run(file: Path, *arguments: str) -> int:
        options = ("--home", str(home), "--passphrase-file", str(file), "--json")
        return command("padan-policy", *options, *arguments).code

    create(home, "--passphrase-file", str(old))
    assert run(old, "identity", "renew") == 0
    before = (home / "earlier" / "keys-001.json").read_bytes()
    change = ("passphrase", "change", "--new-passphrase-file", str(new))
    assert run(new, *change) == 5, "the new one alone changes nothing"
    assert (home / "earlier" / "keys-001.json").read_bytes() == before
    assert run(old, *change) == 0
    (home / "earlier" / "keys-001.json").write_bytes(before)  # as if it had been interrupted
    assert run(new, "identity", "renew") == 5
    assert run(old, *change) == 0
    assert run(new, "identity", "renew") == 0
    assert run(old, "identity", "renew") == 5
