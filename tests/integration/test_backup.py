"""A home is lost and restored: what comes back, what does not, and what cannot be turned back."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest

from linkage_service.settings import Settings
from policy.base.canonical import sha256
from policy.base.errors import BadInput, PadanError, Unverified
from policy.crypto.keys import lock
from policy.crypto.sealing import encrypt_stream
from policy.members import backup as backups
from policy.members.backup import (
    contents_of,
    open_with_passphrase,
    restore,
    seal_with_passphrase,
)
from policy.members.home import Home, ServiceAddress, Unlocked
from policy.statements import CharterBody, Committed
from policy.wire.session import Session
from tests.support.programme import Answer, command, expect
from tests.support.server import serving
from tests.support.service import Town

SEALED_WITH = b"frasa sandi cadangan"
NEW = b"frasa sandi yang baru"


class Person:
    """One person with a home, and files with the passphrases."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.backup = folder / "bps.padan"
        for name in ("old", "new", "sealed", "apart"):
            (folder / name).write_text(f"frasa sandi {name} di sini")

    def run(self, home: str, passphrase: str, *arguments: str, code: int = 0) -> Answer:
        options = ("--home", str(self.folder / home), "--json")
        given = ("--passphrase-file", str(self.folder / passphrase))
        answer = command("padan-policy", *options, *given, *arguments)
        assert answer.code == code, answer.err
        return answer

    def create(self, home: str, passphrase: str) -> None:
        who = (home, "--agency", "bps", "--name", "BPS", "--role", "party")
        self.run(home, passphrase, "identity", "create", *who)

    def restore(self, home: str, passphrase: str, *more: str, code: int = 0) -> Answer:
        with_file = ("--backup-passphrase-file", str(self.folder / passphrase))
        return self.run(home, "new", "restore", str(self.backup), *with_file, *more, code=code)


@pytest.fixture
def person(tmp_path: Path) -> Person:
    person = Person(tmp_path)
    person.create("bps", "old")
    person.run("bps", "old", "identity", "renew")  # earlier keys come along
    return person


def files_of(home: Path) -> dict[str, bytes]:
    found = (path for path in home.rglob("*") if path.is_file())
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in found}


def test_a_lost_passphrase_costs_nothing_with_a_backup(person: Person) -> None:
    sealed = ("--backup-passphrase-file", str(person.folder / "sealed"))
    told = person.run("bps", "old", "backup", str(person.backup), *sealed).json()[0]
    assert (told["member"], told["keys"], told["projects"]) == ("bps", 2, [])
    assert person.backup.stat().st_mode & 0o77 == 0
    expect(person.run("bps", "old", "backup", str(person.backup), *sealed, code=3), "out.exists")

    expect(person.restore("again", "old", code=5), "key.passphrase")
    expect(person.restore("bps", "sealed", code=4), "home.exists")
    assert not (person.folder / "again" / "identity.json").exists()
    person.restore("again", "sealed")
    before, after = files_of(person.folder / "bps"), files_of(person.folder / "again")
    assert after.keys() == before.keys() | {"hold-passphrase.json"}, "as with every new home"
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"keys.json", "earlier/keys-001.json"}, "locked under the new passphrase"
    one = Home(person.folder / "bps").unlock((person.folder / "old").read_bytes())
    two = Home(person.folder / "again").unlock((person.folder / "new").read_bytes())
    assert one.keys.storage == two.keys.storage
    assert [k.signing.private_bytes_raw() for k in (one.keys, *one.earlier)] == [
        k.signing.private_bytes_raw() for k in (two.keys, *two.earlier)
    ]


def test_a_backup_for_a_recovery_card(person: Person) -> None:
    """Somebody else holds the key that opens it: neither person's passphrase is in it."""
    for name in ("recovery", "stranger"):
        person.create(name, "apart")
    card = str(person.folder / "recovery" / "identity.json")
    person.run("bps", "old", "backup", str(person.backup), "--to", card)
    expect(person.restore("again", "sealed", code=3), "backup.other-way")
    wrong = ("--recovery-home", str(person.folder / "stranger"))
    expect(person.restore("again", "apart", *wrong, code=5), "backup.key")
    person.restore("again", "apart", "--recovery-home", str(person.folder / "recovery"))
    assert Home(person.folder / "again").member() == Home(person.folder / "bps").member()


def test_no_byte_of_a_backup_can_be_changed(person: Person) -> None:
    sealed = ("--backup-passphrase-file", str(person.folder / "sealed"))
    person.run("bps", "old", "backup", str(person.backup), *sealed)
    data = person.backup.read_bytes()
    passphrase = (person.folder / "sealed").read_bytes()
    assert open_with_passphrase(data, passphrase).member.id == "bps"
    line = data.index(b"\n")
    places = (30, line // 2, line - 20, line + 5, len(data) // 2, len(data) - 1)
    for place in places:
        damaged = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises(PadanError):
            open_with_passphrase(damaged, passphrase)
    for cut in (b"", data[: line + 1], data[:-1], data + b"\0"):
        with pytest.raises(PadanError):
            open_with_passphrase(cut, passphrase)


OUTSIDE = (
    "../outside",
    "/etc/outside",
    "rosters/../../outside.json",
    "projects/p/vault/local-key.secret",
    "C:outside",
    "rosters\\..\\outside.json",
    "keys.json",
    "projects/../log/x",
)


def test_a_made_up_backup_writes_nothing_outside(person: Person) -> None:
    """One made with the right passphrase, by somebody who puts another file into it."""
    me = Home(person.folder / "bps").unlock((person.folder / "old").read_bytes())
    contents, key = contents_of(me), bytes(32)

    def made(*more: str) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("key-rings/000", backups.key_secrets(me.keys))
            archive.writestr("identity.json", contents.files["identity.json"])
            for each in more:
                archive.writestr(each, b"outside")
        header = {"type": "padan/backup", "version": 1, "member": "bps", "made": "2026-12-01"}
        locked = backups.b64(lock(backups._KEY_KIND, key, SEALED_WITH))
        text = json.dumps({**header, "locked": locked, "sealed": ""}, sort_keys=True)
        line = text.replace(", ", ",").replace(": ", ":").encode()
        return line + b"\n" + b"".join(encrypt_stream([out.getvalue()], key, sha256(line)))

    honest = open_with_passphrase(made("rosters/1.json"), SEALED_WITH)
    assert set(honest.files) == {"identity.json", "rosters/1.json"}
    for name in OUTSIDE:
        with pytest.raises(BadInput) as caught:
            open_with_passphrase(made(name), SEALED_WITH)
        assert caught.value.code == "backup.malformed", name


# -- the remembered log -------------------------------------------------------------------------


def backed_up(town: Town, member: str) -> bytes:
    made = seal_with_passphrase(contents_of(town.members[member]), SEALED_WITH, date.today())
    return b"".join(made)


def restored_home(data: bytes, folder: Path) -> Unlocked:
    restore(open_with_passphrase(data, SEALED_WITH), Home(folder), NEW)
    return Home(folder).unlock(NEW)


def test_an_old_backup_catches_up_and_refuses_a_fork(tmp_path: Path) -> None:
    town = Town(tmp_path / "town")
    operator = town.members["service"]
    with serving(Settings.under(operator.home.path), operator, town.port):
        town.sign_charter()
        remembered = town.synced("bps").replay.size
        require_no_secrets(town, tmp_path / "looked-at")
        old = backed_up(town, "bps")
        town.commit()  # the project goes on; then the home of bps is lost
        size = town.synced("dinsos").replay.size
        assert size > remembered

        me = restored_home(old, tmp_path / "home")
        session = Session(me, town.project_id)
        assert session.recall().size == remembered, "an old memory"
        assert session.sync().size == size, "it catches up, and cosigns"
        # It cannot say again what it has said: the law knows it from the log.
        said = town.session("bps").recall().by_sender(Committed)["bps"]
        session.say(said)
        assert session.sync().size == size, "the same bytes: the same entry"

    # The same service with another history, as after its own rollback: it is refused.
    other = Town(tmp_path / "other", keys=town.keys)
    operator = other.members["service"]
    with serving(Settings.under(operator.home.path), operator, other.port):
        assert other.roster == town.roster
        for party in ("dppapp", "dinsos", "bps"):
            other.session(party).open_with(CharterBody.model_validate(other.charter.model_dump()))
        moved(me.home, other.url)
        with pytest.raises(Unverified) as forked:
            Session(me, town.project_id).sync()
        assert forked.value.code == "log.fork"
        # The control: a home without a memory has nothing to hold against it.
        empty = restored_home(old, tmp_path / "empty")
        for file in empty.home.project_folder(town.project_id).rglob("*"):
            if file.is_file():
                file.unlink()
        moved(empty.home, other.url)
        assert Session(empty, town.project_id).sync().size


def require_no_secrets(town: Town, folder: Path) -> None:
    """What has a date of destruction has no copy; the log and the register come along."""
    bps = town.members["bps"]
    place = bps.home.project_folder(town.project_id)
    bps.vault(town.project_id).put("project-keys", b"secret of the project")
    (place / "prepared").mkdir()
    (place / "prepared" / "regsosek.sqlite").write_bytes(b"rows")
    (place / "written.json").write_bytes(b"{}")
    found = contents_of(bps)
    assert found.projects == (town.project_id,)
    names = {name.split("/")[2] for name in found.files if name.startswith("projects/")}
    assert names == {"log", "written.json"}
    assert restored_home(backed_up(town, "bps"), folder).vault(town.project_id).names() == []
    assert "keys" not in repr(found)
    assert "files" not in repr(found)


def moved(home: Home, url: str) -> None:
    """The address of the service that this home speaks to."""
    address = ServiceAddress(url=url, roster_digest=home.service().roster_digest)
    (home.path / "service.json").write_bytes(address.canonical())
