"""What the verifier found, and how far each finding reaches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from policy.words import Words

Standing = Literal["proved", "attested", "asserted", "not-shown", "failed"]
EXIT_VERIFIED, EXIT_FAILED, EXIT_INCOMPLETE = 0, 7, 9


@dataclass(frozen=True)
class Check:
    """One line of the report."""

    id: str
    title: Words
    standing: Standing
    detail: Words


@dataclass
class Report:
    """What the verifier found, in the order in which it looked."""

    project: str = ""
    entries: int = 0
    checks: list[Check] = field(default_factory=list)

    def add(self, id_: str, title: Words, standing: Standing, detail: Words) -> None:
        self.checks.append(Check(id_, title, standing, detail))

    @property
    def failed(self) -> bool:
        return any(check.standing == "failed" for check in self.checks)

    @property
    def incomplete(self) -> bool:
        return any(
            check.standing == "not-shown" and check.id in ("roster", "completeness")
            for check in self.checks
        )

    @property
    def exit_code(self) -> int:
        if self.failed:
            return EXIT_FAILED
        return EXIT_INCOMPLETE if self.incomplete else EXIT_VERIFIED

    @property
    def verdict(self) -> Words:
        if self.failed:
            return Words("TIDAK SAH: ada pemeriksaan yang gagal.", "NOT VALID: a check failed.")
        if self.incomplete:
            return Words(
                "Konsisten; penanda tangan atau kelengkapan belum terbukti.",
                "Consistent; signers or completeness not proven.",
            )
        return Words("Terverifikasi.", "Verified.")


NO_FILE_CAN_PROVE = Words(
    "Tidak ada berkas yang dapat membuktikan: salinan atau pemadanan rahasia, pemusnahan yang"
    " sungguh terjadi, persekongkolan, dan program mana yang dijalankan.",
    "No file can prove: secret copies or runs, actual destruction, collusion, and which"
    " program ran.",
)
