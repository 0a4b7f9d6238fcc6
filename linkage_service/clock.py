"""The service's clock, checked against witnesses: unchecked it dates and destroys nothing.

    behind   earlier than a time confirmed by two witnesses (less the permitted skew)
    ahead    more than MOST_AHEAD_SECONDS after the last cosignature or statement of a member
             in this project

Members compare their clocks with this one at every request, so an answer to a member's current
request is not checked against earlier times. A project without activity becomes active again at
the next check of one of its witnesses, who cosigns again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from linkage_service.error_codes import ServiceCode
from policy.base.clocks import CLOCK_SKEW_SECONDS
from policy.base.dates import at_second, long_moment
from policy.base.errors import NotYet
from policy.base.words import Words
from policy.law.in_time import time_of
from policy.project import Entry, Project
from policy.statements import CharterBody
from policy.witnessing.cosigned import CosignedSize
from policy.witnessing.quorum import speaking

MOST_AHEAD_SECONDS = 12 * 3600


@dataclass
class SeenTimes:
    """The newest times that others stated in one project, kept up to date entry by entry.

    `by_witness` as in `policy.witnessing.witness_times`: only witnesses that count at a head.
    """

    by_witness: dict[str, int] = field(default_factory=dict)
    stated: int = 0

    def add_entries(self, entries: Iterable[Entry], service: str) -> None:
        """Further entries of the log; the service's own times show nothing."""
        said = [time_of(each) or 0 for each in entries if each.statement.sender != service]
        self.stated = max([self.stated, *said])

    def add_cosigned(self, project: Project, cosigned: CosignedSize) -> None:
        """A head that witnesses cosigned, or cosigned again."""
        then = project.until(cosigned.size)
        voices = speaking(then) if then.of(CharterBody) else {}
        for member, at in cosigned.times.items():
            if member in voices:
                voice = voices[member]
                self.by_witness[voice] = max(at, self.by_witness.get(voice, 0))

    def confirmed(self, project: Project) -> int | None:
        """The newest time that two witnesses confirm, or one if the charter names only one."""
        if not project.of(CharterBody):
            return None
        named = len(set(speaking(project).values()))
        needed = min(2, max(1, named))
        times = sorted(self.by_witness.values(), reverse=True)
        return times[needed - 1] if len(times) >= needed else None

    @property
    def latest(self) -> int:
        """The newest time stated in this project by anyone but the service; 0 if there is none."""
        return max([self.stated, *self.by_witness.values()])


def require_plausible(
    project: Project, seen: SeenTimes, now: int, *, vouched: bool = False
) -> None:
    """Check that this clock can be right; raises NotYet. `vouched`: a member just compared
    clocks."""
    confirmed = seen.confirmed(project)
    if confirmed is not None and now < confirmed - CLOCK_SKEW_SECONDS:
        raise _behind(now, confirmed)
    if not vouched and now > seen.latest + MOST_AHEAD_SECONDS:
        raise _ahead(now, seen.latest)


def _behind(now: int, confirmed: int) -> NotYet:
    clock, seen = long_moment(at_second(now)), long_moment(at_second(confirmed))
    return NotYet(
        ServiceCode.SERVICE_CLOCK_BEHIND,
        Words(
            f"Jam layanan menunjukkan {clock.id}, padahal saksi sudah menandatangani pada"
            f" {seen.id}.",
            f"The service's clock shows {clock.en}, but witnesses have cosigned on {seen.en}.",
        ),
        Words(
            "Koordinator menyamakan jam layanan dengan NTP, lalu mengulanginya.",
            "The coordinator sets the service's clock by NTP, then tries again.",
        ),
    )


def _ahead(now: int, lately: int) -> NotYet:
    clock, hours = long_moment(at_second(now)), MOST_AHEAD_SECONDS // 3600
    seen = long_moment(at_second(lately)) if lately else Words("-", "-")
    return NotYet(
        ServiceCode.SERVICE_CLOCK_UNCONFIRMED,
        Words(
            f"Jam layanan menunjukkan {clock.id}; tidak ada saksi yang memastikannya dalam"
            f" {hours} jam terakhir (terakhir: {seen.id}).",
            f"The service's clock shows {clock.en}; no witness has confirmed that within the last"
            f" {hours} hours (last: {seen.en}).",
        ),
        Words(
            "Satu saksi proyek ini menjalankan 'padan-policy witness', lalu ulangi. Bila jam"
            " layanan salah, samakan dengan NTP.",
            "A witness of this project runs 'padan-policy witness', then try again. If the"
            " service's clock is wrong, set it by NTP.",
        ),
    )
