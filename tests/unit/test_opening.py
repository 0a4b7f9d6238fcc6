"""A recipient that is handed another file than the approved one: refused, and said in the log."""

from __future__ import annotations

from pathlib import Path
from tempfile import gettempdir
from types import SimpleNamespace
from typing import IO, Any

import pytest

from encoder.steps.check_release import AnotherFile
from encoder.steps.open_release import _downloaded
from policy.base.canonical import sha256
from policy.project import Entry, Project
from policy.statements import Received, Staged, StagedFile
from tests.support.republic import Republic


class Handed:
    """A session with a service that hands out the same bytes whatever it is asked for."""

    def __init__(self, republic: Republic, recipient: str, content: bytes) -> None:
        self.republic, self.recipient, self.content = republic, recipient, content
        self.project_id = republic.charter.project
        folder = Path(gettempdir())
        self.me = SimpleNamespace(home=SimpleNamespace(project_folder=lambda _: folder))

    @property
    def project(self) -> Project:
        return self.republic.project

    def fetch(self, _: str, answer: IO[bytes]) -> None:
        answer.write(self.content)
        answer.seek(0)

    def say(self, body: Received, *, run: str) -> str:
        return self.republic.say(self.recipient, body, run=run)


@pytest.fixture
def republic() -> Republic:
    republic = Republic().to("decide")
    republic.witness()
    return republic


def handed(republic: Republic, content: bytes) -> tuple[Any, Entry, StagedFile]:
    file = republic.project.entry(republic.stage_digest, Staged).body.files[0]
    decision = republic.project.entry(republic.decision_digest)
    return Handed(republic, file.recipient, content), decision, file


def part(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


@pytest.mark.parametrize(
    ("content", "digest"),
    [
        (part(b"seal") + part(b"chunk"), sha256(b"sealchunk")),
        (part(b"seal"), sha256(part(b"seal"))),
        (b"\0\0", sha256(b"\0\0")),
        (b"", sha256(b"")),
    ],
)
def test_another_file_is_refused_and_the_log_hears_what_came(
    republic: Republic, content: bytes, digest: str
) -> None:
    session, decision, file = handed(republic, content)
    with pytest.raises(AnotherFile):
        _downloaded(session, "rilis-1", decision, file)
    [said] = [e.body for e in republic.project.of(Received)]
    assert (said.ciphertext, said.canaries) == (digest, "not-looked-at")
    assert republic.project.release("rilis-1").has_complaint(file)
    assert not republic.project.release("rilis-1").has_receipt(file)


def test_it_is_said_once(republic: Republic) -> None:
    session, decision, file = handed(republic, b"other")
    for _ in range(2):
        with pytest.raises(AnotherFile) as caught:
            _downloaded(session, "rilis-1", decision, file)
        assert caught.value.code == "release.altered"
    assert len(republic.project.of(Received)) == 1
