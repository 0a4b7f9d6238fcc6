"""Conditions of the law's steps: who may take a step, when, and which witnesses have seen it.

Each condition passes or raises. `policy.law` asks them of every statement. Members ask some of them
beforehand, so that they do not reveal or open anything too early.

"Under a cosigned checkpoint" means that a checkpoint over that entry carries the cosignatures of
the charter's quorum (for reveal: of all parties). The first law counts members, later ones agencies
(`policy.witnessing.quorum`).
"""

from __future__ import annotations

from collections.abc import Iterable

from policy.base.error_codes import PolicyCode
from policy.base.errors import NotYet, Refused
from policy.base.words import Words
from policy.charter import FIRST_LAW
from policy.gates import decision
from policy.gates.cases import changed_since_staged, run_case
from policy.gates.rules.law2.changed_rows import too_few
from policy.members.roster import Member
from policy.project import Entry, Project, not_yet, refused, waiting_for
from policy.project.row_counts import rows_gone
from policy.statements import AnyBody, Committed, Confirmed, Statement
from policy.witnessing.cosigned import CosignedSize, witnesses_at
from policy.witnessing.quorum import is_witnessed

# -- who ----------------------------------------------------------------------------------


def require_party(project: Project, sender: Member) -> None:
    """Checks that the sender is a party of the charter; raises Refused."""
    require_entitled(sender.id in project.charter.party_ids, sender)


def require_service(project: Project, sender: Member) -> None:
    """Checks that the sender is the linkage service; raises Refused."""
    require_entitled(sender.id == project.roster.service().id, sender)


def is_second_operator(project: Project, member: Member) -> bool:
    """Whether this is an auditor named in the charter, of no agency whose data match (T6)."""
    owners = {project.roster.member(party).agency for party in project.charter.party_ids}
    return member.id in project.charter.auditors and member.agency not in owners


def require_entitled(holds: bool, sender: Member) -> None:
    """Raises Refused, with the sender's id, unless `holds`."""
    if not holds:
        raise refused(
            PolicyCode.PROJECT_NOT_ENTITLED,
            f"'{sender.id}' tidak berhak membuat pernyataan ini.",
            f"'{sender.id}' is not entitled to make this statement.",
        )


# -- when ---------------------------------------------------------------------------------


def require_first_time(done: bool) -> None:
    """Raises Refused if the step was done before."""
    if done:
        raise refused(
            PolicyCode.PROJECT_AGAIN,
            "Langkah ini sudah dilakukan.",
            "This step has been done already.",
        )


def require_all_parties(project: Project, body: type[AnyBody], step: str) -> None:
    """Checks that every party has taken the step; raises NotYet."""
    done = {entry.statement.sender for entry in project.of(body)}
    missing = sorted(set(project.charter.party_ids) - done)
    if missing:
        names = ", ".join(missing)
        raise not_yet(
            waiting_for(step),
            f"Langkah '{step}' belum dilakukan oleh: {names}.",
            f"Step '{step}' is still missing from: {names}.",
        )


def require_agreed(project: Project) -> None:
    """Checks that all parties signed the charter; raises NotYet."""
    missing = sorted(set(project.charter.party_ids) - project.signed_by())
    if missing:
        names = ", ".join(missing)
        raise not_yet(
            PolicyCode.PROJECT_WAIT_CHARTER,
            f"Langkah 'charter' belum dilakukan oleh: {names}.",
            f"Step 'charter' is still missing from: {names}.",
        )


def require_ready_to_reveal(project: Project, cosigned: Iterable[CosignedSize]) -> None:
    """Checks that a checkpoint cosigned by all parties covers all commitments; raises NotYet."""
    require_all_parties(project, Committed, "commit")
    missing = parties_missing(project, cosigned)
    if missing:
        raise _unwitnessed(missing)


def require_confirmed(project: Project) -> None:
    """Checks that all parties confirmed the same keys and rules; raises NotYet or Refused."""
    require_all_parties(project, Confirmed, "confirm")
    macs = {c.records_mac for c in project.by_sender(Confirmed).values()}
    if len(macs) != 1:
        raise refused(
            PolicyCode.PROJECT_CONFIRMATION,
            "Konfirmasi antarinstansi berbeda: ada kunci, aturan, atau profil yang tidak sama.",
            "The agencies' confirmations differ: a key, rule or profile is not the same.",
        )


def require_run_gate(project: Project, at: int, order: Statement | None = None) -> None:
    """Checks the run gate at that time (Unix seconds); raises Refused."""
    decision.require_run_gate(run_case(project, at, order))


def require_in_window(project: Project, dataset: str, people: int) -> None:
    """Checks that the number of people's rows lies in the charter's count window (T7).

    Canaries do not count. Raises Refused.
    """
    terms = project.charter.dataset(dataset)
    if not terms.rows_min <= people <= terms.rows_max:
        raise refused(
            PolicyCode.PROJECT_COUNT_WINDOW,
            f"Jumlah baris {dataset} di luar rentang yang disepakati piagam.",
            f"The row count of {dataset} lies outside the charter's window.",
        )


def require_none_withdrawn(project: Project, order: Entry) -> None:
    """Checks that no rows were withdrawn after the order; raises Refused.

    Otherwise the run's results would include people who objected.
    """
    if rows_gone(project, order.index):
        raise Refused(
            PolicyCode.PROJECT_WITHDRAWN,
            Words(
                "Ada baris yang ditarik sejak pemadanan ini diperintahkan.",
                "Rows were withdrawn since this run was ordered.",
            ),
            Words(
                "Perintahkan pemadanan baru; baris yang ditarik tidak ikut.",
                "Order a new run; the withdrawn rows take no part in it.",
            ),
        )


def require_enough_changed(project: Project, order: Entry) -> None:
    """Checks that since any staged run no row or at least k rows of each dataset changed.

    Raises Refused. The first law does not ask for it.
    """
    if project.charter.law == FIRST_LAW:
        return
    minimum = project.charter.release.minimum_cell
    few = too_few(changed_since_staged(project, order), minimum)
    if few:
        names = ", ".join(few)
        raise Refused(
            PolicyCode.PROJECT_CHANGED_ROWS,
            Words(
                "Terlalu sedikit baris berubah sejak pemadanan yang rilisnya sudah disiapkan:"
                f" {names}.",
                f"Too few rows changed since a run that was staged before: {names}.",
            ),
            Words(
                f"Tunggu sampai {minimum} baris atau lebih berubah, lalu perintahkan yang baru.",
                f"Wait until {minimum} rows or more have changed, then order another run.",
            ),
        )


def require_requested(project: Project, release: str) -> None:
    """Checks that the release was requested; raises Refused with the requested ones."""
    if not project.release(release).is_requested:
        names = ", ".join(each.name for each in project.releases()) or "-"
        raise Refused(
            PolicyCode.RELEASE_UNKNOWN,
            Words(f"Rilis {release} belum pernah diminta.", f"Nobody has asked for {release}."),
            Words(
                f"Yang pernah diminta: {names}. Rilis diminta dengan 'padan-policy request'.",
                f"Asked for: {names}. A release is asked for with 'padan-policy request'.",
            ),
        )


# -- witnesses ----------------------------------------------------------------------------


def require_covered(
    project: Project, entries: list[Entry], cosigned: Iterable[CosignedSize]
) -> None:
    """Checks that a checkpoint with the quorum's cosignatures covers these entries.

    Raises NotYet.
    """
    missing = witnesses_missing(project, entries, cosigned)
    if missing is not None:
        raise _unwitnessed(missing)


def witnesses_missing(
    project: Project, entries: list[Entry], cosigned: Iterable[CosignedSize]
) -> frozenset[str] | None:
    """The witnesses that may still cosign these entries; None once the quorum covers them."""
    signed = _cosignatures(project, entries, cosigned)
    if any(is_witnessed(project, each) for each in signed):
        return None
    return frozenset(project.charter.witnesses.members) - _most(signed)


def parties_missing(project: Project, cosigned: Iterable[CosignedSize]) -> frozenset[str]:
    """The parties that are still to cosign the commitments before anybody reveals."""
    parties = frozenset(project.charter.party_ids)
    signed = _cosignatures(project, project.of(Committed), cosigned)
    return parties - max((each & parties for each in signed), key=len, default=frozenset())


def _cosignatures(
    project: Project, entries: list[Entry], cosigned: Iterable[CosignedSize]
) -> list[frozenset[str]]:
    """The witnesses of each checkpoint that covers these entries."""
    size = max(entry.index for entry in entries) + 1
    now = frozenset(project.charter.witnesses.members)
    return [
        each.members & now & witnesses_at(project, each.size)
        for each in cosigned
        if each.size >= size
    ]


def _most(signed: list[frozenset[str]]) -> frozenset[str]:
    return max(signed, key=len, default=frozenset())


def _unwitnessed(members: frozenset[str]) -> NotYet:
    missing = ", ".join(sorted(members))
    return not_yet(
        PolicyCode.PROJECT_WAIT_COSIGNED,
        f"Langkah sebelumnya belum disaksikan; belum ikut menandatangani: {missing}.",
        f"The step before is not witnessed yet; cosignatures missing from: {missing}.",
    )
