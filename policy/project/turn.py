"""A step that somebody is to take now: which one, who, about what, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from policy.base.dates import at_second, long_moment
from policy.base.words import Words
from policy.project.naming import IDS, Naming

TurnStep = Literal[
    "charter",
    "commit",
    "reveal",
    "confirm",
    "bundle",
    "order",
    "run",
    "request",
    "stage",
    "vote",
    "decision",
    "receipt",
    "transfer-vote",
    "transfer-sent",
    "transfer-receipt",
    "witness",
]

# What the step is, and the single command that takes it.
_STEPS: dict[TurnStep, tuple[Words, str]] = {
    "charter": (Words("menandatangani piagam", "sign the charter"), "padan-policy charter sign"),
    "commit": (Words("mengunci baris", "commit the rows"), "padan-encoder commit"),
    "reveal": (Words("membuka bagian rahasia", "reveal the share"), "padan-encoder reveal"),
    "confirm": (Words("mengonfirmasi kunci", "confirm the keys"), "padan-encoder confirm"),
    "bundle": (Words("menyandikan dan mengirim", "encode and upload"), "padan-encoder upload"),
    "order": (Words("memerintahkan pemadanan", "order the run"), "padan-policy order"),
    "run": (Words("menjalankan pemadanan", "start the run"), "padan-linkage start-run"),
    "request": (Words("meminta rilis", "request a release"), "padan-policy request"),
    "stage": (Words("menyiapkan berkas rilis", "stage the release"), "padan-linkage stage"),
    "vote": (Words("menyetujui atau menolak", "approve or refuse"), "padan-policy approve"),
    "decision": (Words("memutuskan rilis", "decide on the release"), "padan-linkage decide"),
    "receipt": (Words("membuka rilis", "open the release"), "padan-encoder open"),
    "transfer-vote": (
        Words("menyetujui atau menolak atribut", "approve or refuse the attributes"),
        "padan-policy approve-attributes",
    ),
    "transfer-sent": (Words("mengirim atribut", "send the attributes"), "padan-encoder share"),
    "transfer-receipt": (
        Words("membuka atribut", "open the attributes"),
        "padan-encoder open-attributes",
    ),
    "witness": (
        Words("menyaksikan log", "cosign the log as a witness"),
        "padan-policy witness",
    ),
}
# Steps whose command does not name what they are about.
_UNNAMED = ("bundle", "witness", "order", "request")


@dataclass(frozen=True)
class Turn:
    """One step that is due.

    `about` names its dataset, run, release or transfer. `since` is the time (Unix seconds) from
    which it could be taken, None if the log does not tell. With `any_of`, one of `who` is enough.
    `agencies` is how many agencies' yes a release still needs.
    """

    step: TurnStep
    who: tuple[str, ...]
    about: str = ""
    since: int | None = None
    any_of: bool = False
    agencies: int = 0

    @property
    def title(self) -> Words:
        return _STEPS[self.step][0]

    def command(self, project: str) -> str:
        """The single command that takes the step."""
        named = "" if self.step in _UNNAMED or not self.about else f" {self.about}"
        return f"{_STEPS[self.step][1]} {project}{named}"

    @property
    def some(self) -> Words:
        """How many of those who are named are needed, before their names; empty if all are."""
        if self.agencies:
            noun = "agency" if self.agencies == 1 else "agencies"
            return Words(f"{self.agencies} instansi lagi: ", f"{self.agencies} more {noun}: ")
        if self.any_of and len(self.who) > 1:
            return Words("salah satu dari ", "one of ")
        return Words("", "")

    def words(self, naming: Naming = IDS) -> Words:
        """Who is awaited for what, since when."""
        about = Words("", "")
        if self.about:
            name = naming.dataset(self.about) if self.step == "bundle" else naming.same(self.about)
            about = Words(f" ({name.id})", f" ({name.en})")
        who = naming.people(self.who) if self.who else naming.same("-")
        since, some = Words("", ""), self.some
        if self.since is not None:
            moment = long_moment(at_second(self.since))
            since = Words(f", sejak {moment.id}", f", since {moment.en}")
        return Words(
            f"Ditunggu: {some.id}{who.id}, untuk {self.title.id}{about.id}{since.id}.",
            f"Awaited: {some.en}{who.en}, to {self.title.en}{about.en}{since.en}.",
        )

    def next_words(self, project: str) -> Words:
        """`words`, and the command to give."""
        said, command = self.words(), self.command(project)
        return Words(f"{said.id} Perintahnya: {command}", f"{said.en} The command: {command}")

    def as_json(self) -> dict[str, Any]:
        since = None if self.since is None else at_second(self.since).isoformat()
        told = {"step": self.step, "about": self.about, "who": list(self.who), "since": since}
        return {**told, "any_of": self.any_of, "agencies": self.agencies}
