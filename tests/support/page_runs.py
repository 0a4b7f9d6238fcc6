"""Runs the blocks of a page that name their person, in order, in a small project that is there."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from policy.base.dates import WIB
from policy.terminal import console
from tests.support.page_commands import Block
from tests.support.programme import PROJECT, TUTORIAL, Answer, Programme, command

# What pages call by other names than this project does.
_CALLED = {"rilis-2": "rilis-1", "PROJECT": PROJECT, "RELEASE": "rilis-1", "20000": "200"}
_KOP = "PEMERINTAH PROVINSI CONTOH\nDINAS SOSIAL\n"


@dataclass
class Desk:
    """A folder with the files that pages name, and homes that may be changed."""

    programme: Programme
    folder: Path
    called: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shutil.copytree(self.programme.folder / "homes", self.folder / "homes")
        files = {
            "dtks.csv": self.programme.folder / "sources" / "dtks.csv",
            "warga.csv": self.programme.folder / "sources" / "dtks.csv",
            "mapping-dtks.yaml": TUTORIAL / "mapping-dtks.yaml",
            "charter.yaml": self.programme.folder / "charter.yaml",
            "padan-id-5.yaml": self.programme.folder / "padan-id-5.yaml",
        }
        for name, file in files.items():
            shutil.copy(file, self.folder / name)
        shutil.copytree(TUTORIAL, self.folder / "docs" / "tutorials" / "jakarta")
        (self.folder / "kop.txt").write_text(_KOP)
        for name, word in (("evidence.zip", "evidence"), ("mine.txt", "checkpoint")):
            out = ("--out", str(self.folder / name))
            self.programme.run("auditor", "padan-policy", word, PROJECT, *out)
        today = datetime.now(WIB).date().isoformat()
        own = {"DIGEST": self.programme.digest, "2026-11-29": today}
        self.called = {**_CALLED, **own, **self.called}

    def run(self, block: Block, patch: pytest.MonkeyPatch) -> list[Answer]:
        """Give the block's commands as its person, in this folder; each of them must succeed."""
        patch.chdir(self.folder)
        patch.setattr(console, "getpass", lambda _: "frasa sandi cadangan")
        assert not block.other_lines(), "only Padan commands run here"
        return [self._give(str(block.person), words) for words in block.commands()]

    def _give(self, person: str, words: tuple[str, ...]) -> Answer:
        script, *rest = (self.called.get(each, each) for each in words)
        passphrase = self.programme.folder / "passphrases" / person
        home = () if "--home" in rest else ("--home", str(self.folder / "homes" / person))
        answer = command(script, *home, "--passphrase-file", str(passphrase), *rest)
        assert answer.code == 0, f"{' '.join(words)}: {answer.err}"
        return answer
