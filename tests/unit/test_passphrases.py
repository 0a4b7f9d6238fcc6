"""One passphrase a person and machine: in a keyring that protects it, or asked for."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null

from policy.joining.plan import PlannedPerson
from policy.members.home import Home
from policy.terminal import console, kernel_keyring, passphrases
from policy.ui.app import approver_page
from policy.ui.arrival import new_home
from policy.ui.desk import ApproverDesk
from tests.support.browser import served, visitor
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


@pytest.fixture(autouse=True)
def own_entry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What the person who runs these tests has held stays as it is."""
    monkeypatch.setattr(kernel_keyring, "_NAME", f"padan:test-{os.getpid()}".encode())
    yield
    kernel_keyring.forget()


@pytest.fixture
def no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on other systems, and in containers that forbid the calls."""
    monkeypatch.setattr(kernel_keyring, "_library", lambda: None)


@pytest.fixture
def no_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    yield
    keyring.set_keyring(before)


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
    assert kept.json() == [{"held": True, "hours": None}]
    assert kernel_keyring.held() is None
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
@pytest.mark.usefixtures("no_kernel")
def test_a_keyring_that_does_not_protect_is_not_used(
    memory: Memory, asked: list[str], tmp_path: Path, backend: type[KeyringBackend]
) -> None:
    assert passphrases.secure_backend() is memory, "the control"
    weak = backend()
    keyring.set_keyring(weak)
    assert passphrases.secure_backend() is None
    assert not passphrases.hold(SECRET.encode())
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
    assert passphrases.hold(SECRET.encode())
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


# -- without a keyring: some hours in the kernel's memory ------------------------------------------

in_kernel = pytest.mark.skipif(not kernel_keyring.is_there(), reason="no keyring of the kernel")


def padan(home: Path, *arguments: str) -> list[dict[str, object]]:
    answer = command("padan-policy", "--home", str(home), "--json", *arguments)
    assert answer.code == 0, answer.err
    return answer.json()


@in_kernel
@pytest.mark.usefixtures("no_keyring")
def test_without_a_keyring_it_is_asked_for_once_a_session(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    create(home)
    asked.clear()
    assert [open_keys(home), open_keys(home), len(asked)] == [0, 0, 2], "the control: each asks"
    assert padan(home, "passphrase", "keep", "--hours", "1") == [{"held": True, "hours": 1}]
    asked.clear()
    assert [open_keys(home), open_keys(home), len(asked)] == [0, 0, 0]
    # A second session: the time is over, so it is asked for once, and held again.
    kernel_keyring.hold(SECRET.encode(), 1)
    time.sleep(1.2)
    assert kernel_keyring.held() is None
    assert [open_keys(home), open_keys(home), len(asked)] == [0, 0, 1]
    # On no disk: nothing in the home has it, and neither has its choice of hours.
    assert not [f for f in home.rglob("*") if f.is_file() and SECRET.encode() in f.read_bytes()]

    assert padan(home, "passphrase", "forget") == [{"removed": True}]
    assert padan(home, "passphrase", "forget") == [{"removed": False}]
    asked.clear()
    assert [open_keys(home), open_keys(home), len(asked)] == [0, 0, 2], "asked again, each time"


@in_kernel
@pytest.mark.usefixtures("no_keyring")
def test_what_is_held_for_one_home_is_not_replaced_by_another(
    asked: list[str], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    create(home)
    padan(home, "passphrase", "keep")
    kernel_keyring.hold(b"sandi milik folder lain", 60)
    asked.clear()
    assert [open_keys(home), len(asked)] == [0, 1]
    assert kernel_keyring.held() == b"sandi milik folder lain"


@in_kernel
@pytest.mark.usefixtures("no_keyring")
def test_an_invite_without_keyring_chooses_it_and_a_file_never_does(
    asked: list[str], tmp_path: Path
) -> None:
    town = Joiners(tmp_path)
    town.invite()
    assert passphrases.chosen(Home(town.home("service"))) == passphrases.HOURS
    assert kernel_keyring.held() is None, "given by a file, it is not held"
    for name, more, held in (("bps", ["--no-keyring"], False), ("dinsos", [], True)):
        reply = ("--reply", str(tmp_path / f"{name}.padan"))
        padan(town.home(name), "accept", str(town.invite_file(name)), *reply, *more)
        assert (kernel_keyring.held() is not None) == held
    assert passphrases.chosen(Home(town.home("bps"))) is None


@in_kernel
def test_what_a_session_without_the_keyring_held_is_forgotten_too(
    memory: Memory, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    for in_keyring in (False, True):
        assert kernel_keyring.hold(SECRET.encode(), 60)
        if in_keyring:
            memory.set_password("padan", "passphrase", SECRET)
        assert padan(home, "passphrase", "forget") == [{"removed": True}]
        assert (kernel_keyring.held(), memory.entries) == (None, {})


@in_kernel
@pytest.mark.usefixtures("no_keyring")
@pytest.mark.parametrize("hours", [1, None])
def test_a_changed_passphrase_is_held_as_long_as_the_person_chose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: int | None
) -> None:
    home, old, new = tmp_path / "home", tmp_path / "old", tmp_path / "new"
    old.write_text(SECRET)
    new.write_text("kata acak yang baru")
    create(home, "--passphrase-file", str(old))
    passphrases.choose(Home(home), hours)
    assert kernel_keyring.hold(SECRET.encode(), 60)
    asked_for: list[int] = []
    hold = kernel_keyring.hold

    def holding(secret: bytes, seconds: int) -> bool:
        asked_for.append(seconds)
        return hold(secret, seconds)

    monkeypatch.setattr(kernel_keyring, "hold", holding)
    changed = ("passphrase", "change", "--new-passphrase-file", str(new))
    padan(home, "--passphrase-file", str(old), *changed)
    assert asked_for == [(hours or passphrases.HOURS) * 3600]
    assert kernel_keyring.held() == b"kata acak yang baru"


@in_kernel
@pytest.mark.usefixtures("no_keyring")
def test_a_passphrase_held_at_a_page_is_held_again_after_its_hours(tmp_path: Path) -> None:
    person = PlannedPerson(id="bps", agency="bps", name="BPS", roles=("party",))

    def home(name: str, typed: str, *, keep: bool) -> int | None:
        made, not_kept = new_home(Home(tmp_path / name), person, typed, typed, keep=keep)
        assert not_kept is None
        return passphrases.chosen(made.home)

    assert home("not", SECRET, keep=False) is None
    assert kernel_keyring.held() is None
    assert home("first", SECRET, keep=True) == passphrases.HOURS
    assert kernel_keyring.held() == SECRET.encode()
    assert home("second", "", keep=False) == passphrases.HOURS, "it is the one held already"


@in_kernel
def test_another_user_and_a_longer_time_get_nothing() -> None:
    assert kernel_keyring.hold(SECRET.encode(), 60)
    assert as_other_user(kernel_keyring.held) == b"-", "another user's keyring is empty"
    library = kernel_keyring._library()
    assert library is not None
    key = kernel_keyring._found(library)
    assert as_other_user(lambda: read_by_number(key)) == b"-", "nor by the number of the key"
    assert read_by_number(key) == SECRET.encode(), "the control: this user reads it"
    assert not kernel_keyring.hold(SECRET.encode(), 0), "without an end it is not held"
    assert not kernel_keyring.hold(b"", 60)


def read_by_number(key: int | None) -> bytes | None:
    library = kernel_keyring._library()
    assert library is not None
    room = ctypes.create_string_buffer(100)
    size = library.keyctl_read(key, room, 100)
    return room.raw[:size] if size > 0 else None


def as_other_user(read: Callable[[], bytes | None]) -> bytes:
    """What a process of another user gets; - for nothing. Without root, nobody can become one."""
    if os.getuid():
        pytest.skip("only root can become another user")
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.setgid(65534)
        os.setuid(65534)
        os.write(writing, read() or b"-")
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        return pipe.read()


@pytest.mark.usefixtures("no_kernel", "no_keyring")
def test_where_nothing_can_hold_it_every_command_asks(asked: list[str], tmp_path: Path) -> None:
    home = tmp_path / "home"
    create(home)
    assert not passphrases.can_keep()
    passphrases.choose(Home(home), 8)
    asked.clear()
    assert [open_keys(home), open_keys(home), len(asked)] == [0, 0, 2]


def test_page_and_command_say_if_it_is_not_kept(
    memory: Memory, asked: list[str], tmp_path: Path
) -> None:
    """The keyring is there, so the page offers it; then it is locked."""
    town, again = Joiners(tmp_path), "you are asked for it again next time"
    town.invite()
    memory.locked = True
    program = ("padan-policy", "--lang", "en", "--home", str(town.home("bps")))
    reply = ("--reply", str(tmp_path / "reply.padan"))
    assert again in command(*program, "accept", str(town.invite_file("bps")), *reply).err
    assert again in command(*program, "passphrase", "keep").out
    assert len(asked) == 3, "new keys: twice; and then once"
    desk = ApproverDesk(Home(town.home("dinsos")))
    with served(approver_page(desk)) as server, visitor() as me:
        me.get(server.access.address)
        me.base_url = httpx2.URL(f"http://{server.access.host}")
        me.headers["origin"] = f"http://{server.access.host}"
        me.cookies.set("padan-lang", "en")
        invite = town.invite_file("dinsos").read_bytes()
        asks = me.post("/begin", files={"file": ("x", invite)}, follow_redirects=True).text
        assert 'name="keep"' in asks
        form = {"passphrase": SECRET, "again": SECRET, "keep": "yes"}
        shown = me.post("/arrive", data=form)
    assert again in shown.text
    assert desk.home.identity_path.exists()
    assert SECRET not in shown.text
    memory.locked = False
    assert memory.entries == {}
