"""The service's clock, checked against witnesses: unchecked it dates and destroys nothing.

    behind   earlier than a time confirmed by two witnesses (less the permitted skew)
    ahead    more than MOST_AHEAD_SECONDS after the last cosignature or statement of a member
             in this project

Members compare their clocks with this one at every request, so an answer to a member's current
request is not checked against earlier times. A project without activity becomes active again at
the next check of one of its witnesses, who cosigns again.
"""

from __future__ import annotations

from linkage_service.error_codes import ServiceCode
from policy.base.clocks import CLOCK_SKEW_SECONDS
from policy.base.dates import at_second, long_moment
from policy.base.errors import NotYet
from policy.base.words import Words
from policy.law.in_time import time_of
from policy.project import Project
from policy.witnessing.witness_times import Witnessed

MOST_AHEAD_SECONDS = 12 * 3600


def require_plausible(
    project: Project, witnessed: Witnessed, now: int, *, vouched: bool = False
) -> None:
    """Check that this clock can be right; raises NotYet. `vouched`: a member just compared
    clocks."""
    confirmed = witnessed.confirmed
    if confirmed is not None and now < confirmed - CLOCK_SKEW_SECONDS:
        raise _behind(now, confirmed)
    lately = _lately(project, witnessed)
    if not vouched and now > lately + MOST_AHEAD_SECONDS:
        raise _ahead(now, lately)


def _lately(project: Project, witnessed: Witnessed) -> int:
    """The newest time stated in this project by anyone but the service; 0 if there is none."""
    service = project.roster.service().id
    said = [time_of(entry) or 0 for entry in project.entries if entry.statement.sender != service]
    return max([witnessed.latest or 0, *said])


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
