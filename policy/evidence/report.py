"""The verifier's findings, and how strong each one is.

    proved       follows from signatures, hashes and opened facts
    attested     two or more independent sources say so
    asserted     only the linkage service says so; or only one agency, about its own things
    not-shown    nothing in the bundle shows it, or it could not be checked
    failed       the bundle contradicts it

A check is as strong as its weakest finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from policy.base.dates import at_second, long_moment
from policy.base.errors import PadanError
from policy.base.words import Words
from policy.project.measured import Measured
from policy.project.naming import IDS, Naming
from policy.retention import Item

Standing = Literal["failed", "not-shown", "asserted", "attested", "proved"]
WEAKEST_FIRST: tuple[Standing, ...] = ("failed", "not-shown", "asserted", "attested", "proved")
EXIT_VERIFIED, EXIT_FAILED, EXIT_INCOMPLETE = 0, 7, 9

STANDING_WORDS: dict[Standing, Words] = {
    "proved": Words("terbukti", "proved"),
    "attested": Words("disaksikan dua pihak atau lebih", "attested by two or more"),
    "asserted": Words(
        "pernyataan layanan, atau satu pihak, saja", "asserted by the service, or one party, alone"
    ),
    "not-shown": Words("belum ditunjukkan", "not shown"),
    "failed": Words("GAGAL", "FAILED"),
}


def standing_words(standing: Standing, agencies: int = 0) -> Words:
    """A mark in words, with the number of attesting agencies if it was counted."""
    if standing != "attested" or not agencies:
        return STANDING_WORDS[standing]
    return Words(f"disaksikan {agencies} instansi", f"attested by {agencies} agencies")


# Marks differ in shape as well as in colour, so that they differ on paper too.
STANDING_SIGNS: dict[Standing, str] = {
    "proved": "✔",
    "attested": "✓",
    "asserted": "○",
    "not-shown": "–",
    "failed": "✘",
}

# Without these two checks nobody knows who signed, or whether this is the only log.
PINNED_ROSTER, OWN_CHECKPOINT = "signatures.roster", "inclusion.own-checkpoint"
DEADLINE = "order.deadline"  # the finding on whether witnesses saw a release in time


@dataclass(frozen=True)
class CheckFinding:
    """One finding of a check. `entries` are the indices of the log's entries it is about.

    `agencies` are the attesting agencies, if they were counted.
    """

    id: str
    standing: Standing
    detail: Words
    entries: tuple[int, ...] = ()
    agencies: tuple[str, ...] = ()

    @property
    def mark(self) -> Words:
        """The finding's mark in words."""
        return standing_words(self.standing, len(self.agencies))

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "standing": self.standing,
            "detail": {"id": self.detail.id, "en": self.detail.en},
            "entries": [list(span) for span in spans(self.entries)],
            **({"agencies": list(self.agencies)} if self.agencies else {}),
        }


@dataclass(frozen=True)
class Check:
    """One of the ten checks with all its findings."""

    number: int
    id: str
    title: Words
    findings: tuple[CheckFinding, ...]

    @property
    def standing(self) -> Standing:
        found = {finding.standing for finding in self.findings}
        return next((each for each in WEAKEST_FIRST if each in found), "not-shown")

    @property
    def agencies(self) -> int:
        """The fewest agencies that attest a part of the check; 0 if they were not counted."""
        counted = [len(each.agencies) for each in self.findings if each.standing == "attested"]
        return min(counted, default=0)

    @property
    def mark(self) -> Words:
        """The check's mark in words."""
        return standing_words(self.standing, self.agencies)

    @property
    def failed(self) -> list[CheckFinding]:
        return [finding for finding in self.findings if finding.standing == "failed"]

    @property
    def entries(self) -> tuple[int, ...]:
        """Every entry that this check looked at."""
        return tuple(sorted({index for each in self.findings for index in each.entries}))

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "id": self.id,
            "title": {"id": self.title.id, "en": self.title.en},
            "standing": self.standing,
            "findings": [finding.as_json() for finding in self.findings],
        }


@dataclass(frozen=True)
class Moment:
    """A line of the timeline: one entry, several similar entries in a row, or a checkpoint."""

    first: int
    last: int
    kind: Literal["entry", "checkpoint"]
    title: Words
    who: str
    about: str
    at: int | None


@dataclass(frozen=True)
class ReleaseLine:
    """The history of a release: requester, votes, decision, recipients who opened it."""

    release: str
    domains: tuple[str, ...]
    requester: str
    approving: tuple[str, ...]
    refusing: tuple[str, ...]
    verdict: str
    files: int
    received: int
    entries: tuple[int, ...]


@dataclass(frozen=True)
class TransferLine:
    """The history of a transfer of attributes; what it was for, by the charter at that time.

    `columns` and `purpose` are empty if that charter did not permit it.
    """

    transfer: str
    dataset: str
    recipient: str
    requester: str
    columns: tuple[Words, ...]
    purpose: Words | None
    approving: tuple[str, ...]
    refusing: tuple[str, ...]
    verdict: str
    received: bool


@dataclass(frozen=True)
class MeasuredLine:
    """A stratum of a release that its recipient measured in the field."""

    release: str
    dataset: str
    by: str
    measured: Measured
    entry: int

    def as_json(self) -> dict[str, Any]:
        told = {"release": self.release, "dataset": self.dataset, "by": self.by}
        return {**told, "entry": self.entry, **self.measured.as_json()}


@dataclass(frozen=True)
class Reach:
    """How far witnesses have seen the log; later entries are the service's word.

    `entry` is the last index that a quorum saw, -1 if none. `at` is the time (Unix seconds) until
    which there were no further entries, by the witnesses' clocks. `beyond` counts later entries.
    """

    entry: int = -1
    witnesses: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    at: int | None = None
    beyond: int = 0

    @property
    def words(self) -> Words:
        if self.at is None:
            return Words("tanpa saksi", "without witnesses")
        count, on = len(self.agencies), long_moment(at_second(self.at))
        rest_id = f"; {self.beyond} entri sesudahnya belum disaksikan" if self.beyond else ""
        later = "later entry is" if self.beyond == 1 else "later entries are"
        rest_en = f"; {self.beyond} {later} unwitnessed" if self.beyond else ""
        agencies = "agency" if count == 1 else "agencies"
        return Words(
            f"sampai entri {self.entry}, disaksikan {count} instansi pada {on.id}{rest_id}",
            f"up to entry {self.entry}, as witnessed by {count} {agencies} on {on.en}{rest_en}",
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "entry": self.entry,
            "witnesses": list(self.witnesses),
            "agencies": list(self.agencies),
            "at": self.at,
            "beyond": self.beyond,
        }


@dataclass
class VerificationReport:
    """All checks in order, and what a reader wants to see of the log itself."""

    project: str = ""
    title: Words = field(default_factory=lambda: Words("", ""))
    entries: int = 0
    roster: str = ""
    root: str = ""
    reach: Reach = field(default_factory=Reach)
    as_of: date | None = None
    checks: list[Check] = field(default_factory=list)
    timeline: list[Moment] = field(default_factory=list)
    purpose: Words | None = None
    releases: list[ReleaseLine] = field(default_factory=list)
    transfers: list[TransferLine] = field(default_factory=list)
    kept: tuple[Item, ...] = ()
    measured: list[MeasuredLine] = field(default_factory=list)
    naming: Naming = IDS

    def finding(self, id_: str) -> CheckFinding | None:
        """The first finding with this id; None if there is none."""
        return next((f for check in self.checks for f in check.findings if f.id == id_), None)

    def check(self, id_: str) -> Check:
        """The check with this id."""
        return next(check for check in self.checks if check.id == id_)

    @property
    def members(self) -> list[str]:
        """Everybody whom the page names, by their ids, which its details say."""
        lines: list[ReleaseLine | TransferLine] = [*self.releases, *self.transfers]
        asked = {each.requester for each in lines} | {each.recipient for each in self.transfers}
        voted = {who for each in lines for who in (*each.approving, *each.refusing)}
        keeping = {each.owner for each in self.kept}
        said = {who for each in self.timeline for who in each.who.split(", ") if who}
        return sorted(asked | voted | keeping | said | set(self.reach.witnesses))

    @property
    def failed(self) -> list[CheckFinding]:
        """All failed findings."""
        return [finding for check in self.checks for finding in check.failed]

    @property
    def unshown_deadlines(self) -> list[CheckFinding]:
        """The findings on releases that a quorum saw, but not in time."""
        found = (f for check in self.checks for f in check.findings if f.id == DEADLINE)
        return [
            finding
            for finding in found
            if finding.standing == "not-shown" and max(finding.entries) <= self.reach.entry
        ]

    @property
    def incomplete(self) -> bool:
        """Whether the roster, the auditor's checkpoint or a deadline could not be shown."""
        needed = (self.finding(PINNED_ROSTER), self.finding(OWN_CHECKPOINT))
        missing = any(each is None or each.standing == "not-shown" for each in needed)
        return missing or bool(self.unshown_deadlines)

    @property
    def exit_code(self) -> int:
        """The exit code of `padan-policy verify`: verified, failed, or incomplete."""
        if self.failed:
            return EXIT_FAILED
        return EXIT_INCOMPLETE if self.incomplete else EXIT_VERIFIED

    @property
    def verdict(self) -> Words:
        """The overall result in words: what holds, for which project, and how far."""
        name, reach = self.project or "-", self.reach.words
        if self.failed:
            said = Words("TIDAK SAH: ada pemeriksaan yang gagal.", "NOT VALID: a check failed.")
        elif self.unshown_deadlines:
            said = Words(
                "Konsisten; tenggat sebuah rilis belum terbukti.",
                "Consistent; that a release was in time is not proven.",
            )
        elif self.incomplete:
            said = Words(
                "Konsisten; penanda tangan atau kelengkapan belum terbukti.",
                "Consistent; signers or completeness not proven.",
            )
        else:
            return Words(
                f"Terverifikasi {reach.id}. Proyek {name}.", f"Verified {reach.en}. Project {name}."
            )
        return Words(
            f"{said.id} Proyek {name}, {reach.id}.", f"{said.en} Project {name}, {reach.en}."
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "project": self.project,
            "entries": self.entries,
            "roster": self.roster,
            "root": self.root,
            "witnessed": self.reach.as_json(),
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "verdict": {"id": self.verdict.id, "en": self.verdict.en},
            "exit_code": self.exit_code,
            "no_file_can_prove": [{"id": each.id, "en": each.en} for each in NO_FILE_CAN_PROVE],
            "checks": [check.as_json() for check in self.checks],
            **({"measured": [each.as_json() for each in self.measured]} if self.measured else {}),
        }


def spans(entries: Sequence[int]) -> list[tuple[int, int]]:
    """Entries as first and last of each unbroken run: 0, 1, 2, 5 give (0, 2) and (5, 5)."""
    runs: list[tuple[int, int]] = []
    for index in sorted(set(entries)):
        if runs and runs[-1][1] == index - 1:
            runs[-1] = (runs[-1][0], index)
        else:
            runs.append((index, index))
    return runs


def failure(id_: str, error: PadanError, entries: Sequence[int] = ()) -> CheckFinding:
    """A failed finding with the error's text."""
    return CheckFinding(id_, "failed", error.problem, tuple(entries))


NO_FILE_CAN_PROVE = (
    Words(
        "bahwa tidak ada salinan atau pemadanan rahasia di luar log ini",
        "that there is no secret copy, and no secret run, besides this log",
    ),
    Words(
        "bahwa sesuatu sungguh dimusnahkan; yang ada hanya pernyataan bahwa itu dilakukan",
        "that anything was in fact destroyed; there are only statements that it was",
    ),
    Words(
        "bahwa para penanda tangan tidak bersekongkol",
        "that those who signed did not collude",
    ),
    Words(
        "program mana yang sungguh dijalankan, dan apakah instansi menyandikan barisnya dengan"
        " jujur",
        "which program really ran, and whether an agency encoded its rows faithfully",
    ),
)
