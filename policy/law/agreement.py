"""The start of a project: the roster, the charter that all parties sign, the epoch's key."""

from __future__ import annotations

from policy.base.canonical import unb64
from policy.base.error_codes import PolicyCode
from policy.charter import LAWS
from policy.crypto.keys import seal_public_key
from policy.law.conditions import (
    require_agreed,
    require_all_parties,
    require_entitled,
    require_first_time,
    require_service,
)
from policy.law.step import Step
from policy.members.roster import roster_binding
from policy.members.succession import require_successor
from policy.project import Project, not_yet, refused
from policy.statements import (
    CharterBody,
    Committed,
    Confirmed,
    Destroyed,
    Ended,
    EpochOpened,
    Hold,
    HoldLifted,
    RosterBody,
)

MOST_OPEN_PROPOSALS = 3  # texts of one version that one party may bring in


def roster(step: Step, _: RosterBody) -> None:
    """Judges the first statement of a log: the roster that the reader pinned."""
    if step.project.size or step.statement.binding != roster_binding(step.project.roster):
        raise refused(
            PolicyCode.PROJECT_ROSTER,
            "Roster hanya boleh di awal log dan harus yang disimpan.",
            "The roster must be the first entry of the log, and the pinned one.",
        )


def succession(step: Step, body: RosterBody) -> None:
    """The first roster as before; a later roster replaces the roster in force."""
    if not step.project.size:
        roster(step, body)
        return
    if step.statement.binding != roster_binding(body):
        raise refused(
            PolicyCode.PROJECT_ROSTER,
            "Roster itu rusak.",
            "The roster's envelope does not fit what is in it.",
        )
    require_successor(step.project.rosters.all, body)
    charter = step.project.charter
    named = {*charter.party_ids, *charter.witnesses.members, *charter.auditors}
    named |= {each.member for each in charter.walidata}
    missing = sorted(each for each in named if not body.has_member(each))
    if missing:
        names = ", ".join(missing)
        raise refused(
            PolicyCode.PROJECT_ROSTER_MEMBERS,
            f"Roster baru tidak memuat anggota yang disebut piagam: {names}. Kunci yang hilang"
            " diganti, atau diakhiri masa berlakunya.",
            f"The new roster lacks members named in the charter: {names}. A lost key is replaced,"
            " or its validity is ended.",
        )


def charter(step: Step, body: CharterBody) -> None:
    """Judges a party's signature: once for each party, all on the same bytes or an amendment."""
    _members(step, body)
    if step.project.of(CharterBody):
        _later(step, body)


def charter_among_others(step: Step, body: CharterBody) -> None:
    """As `charter`; until a charter is in force, proposals of the first version may compete.

    This way, nobody can block a project id by signing something for it first.
    """
    _members(step, body)
    project = step.project
    if not project.in_force:
        _proposal(project, body)
    elif body.digest() != project.charter_digest:
        amendment(project, body)
    _require_few_open(step, body)
    signed = {each.statement.sender for each in project.signatures(body.digest())}
    require_first_time(step.sender.id in signed)


def _members(step: Step, body: CharterBody) -> None:
    if not step.project.size:
        raise not_yet(
            PolicyCode.PROJECT_WAIT_ROSTER, "Roster belum ada.", "There is no roster yet."
        )
    proposed = bool(step.project.signatures(body.digest()))
    if not proposed and set(body.authorities) != set(step.project.roster.authorities):
        raise refused(
            PolicyCode.PROJECT_AUTHORITIES,
            "Roster tidak ditandatangani otoritas yang disebut piagam.",
            "The roster is not signed by the authorities that the charter names.",
        )
    walidata = (each.member for each in body.walidata)
    for member in (*body.party_ids, *walidata, *body.witnesses.members, *body.auditors):
        step.project.roster.member(member)
    require_entitled(step.sender.id in body.party_ids, step.sender)


def _later(step: Step, body: CharterBody) -> None:
    """Judges a further signature: on the same bytes, or on an amendment."""
    project = step.project
    if body.digest() != project.charter_digest:
        if set(project.signed_by()) != set(project.charter.party_ids):
            raise refused(
                PolicyCode.PROJECT_CHARTER,
                "Piagam ini berbeda dari yang sudah ditandatangani pihak lain.",
                "This charter differs from the one that others have signed.",
            )
        _amendment(project, body)
    signed = {each.statement.sender for each in project.signatures(body.digest())}
    require_first_time(step.sender.id in signed)


def _amendment(project: Project, body: CharterBody) -> None:
    """The next version of the charter in force. Its terms stay, because the keys depend on them."""
    _next_version(project, body)
    _same_terms(project, body)
    if project.of(Committed):
        # The commitments name the charter, so another charter now would invalidate them.
        require_all_parties(project, Confirmed, "confirm")


def amendment(project: Project, body: CharterBody) -> None:
    """As in the first law; before there are keys, all others may also drop a silent party."""
    now = project.charter
    if set(body.dropped) == set(now.dropped):
        _amendment(project, body)
        return
    _next_version(project, body)
    leaving = set(body.dropped) - set(now.dropped)
    stay = [party for party in now.party_ids if party not in leaving]
    same = (
        set(now.dropped) < set(body.dropped)
        and leaving <= set(now.party_ids)
        and list(body.party_ids) == stay
        and body.datasets == tuple(each for each in now.datasets if each.owner in stay)
        and (body.purpose.code, body.fields, body.encoding)
        == (now.purpose.code, now.fields, now.encoding)
    )
    if not same:
        raise refused(
            PolicyCode.PROJECT_DROP,
            "Perubahan yang mengeluarkan pihak hanya menghapus pihak itu dan sumber datanya.",
            "An amendment that drops a party takes out that party and its datasets alone.",
        )
    _require_no_keys(project)


def _next_version(project: Project, body: CharterBody) -> None:
    now = project.charter
    if (body.project, body.epoch, body.version) != (now.project, now.epoch, now.version + 1):
        raise refused(
            PolicyCode.PROJECT_AMENDMENT,
            f"Perubahan piagam adalah versi {now.version + 1} dari proyek dan periode kunci yang"
            " sama.",
            f"An amendment is version {now.version + 1} of the same project and epoch.",
        )
    if LAWS.index(body.law) < LAWS.index(now.law):
        raise refused(
            PolicyCode.PROJECT_LAW_OLDER,
            "Perubahan piagam tidak boleh menyebut hukum yang lebih lama.",
            "An amendment cannot go back to an older law.",
        )


def _same_terms(project: Project, body: CharterBody) -> None:
    if body.terms_digest() != project.charter.terms_digest():
        raise refused(
            PolicyCode.PROJECT_TERMS,
            "Ketentuan penyandian berubah; itu memerlukan periode kunci baru, dalam proyek baru.",
            "The encoding terms change; that takes a new key epoch, in a new project.",
        )


def _proposal(project: Project, body: CharterBody) -> None:
    """A first version of the charter, for the same project as the other proposals."""
    other = bool(project.of(CharterBody)) and body.project != project.charter.project
    if other or body.dropped:
        raise refused(
            PolicyCode.PROJECT_CHARTER,
            "Piagam ini bukan versi pertama dari proyek ini.",
            "This charter is no first version for this project.",
        )


def _require_few_open(step: Step, body: CharterBody) -> None:
    """Nobody makes more proposals than others can read; signing another's proposal is free."""
    project = step.project
    now = project.charter.version if project.in_force else 0
    proposer: dict[str, str] = {}
    for entry in project.of(CharterBody):
        if entry.body.version > now:
            proposer.setdefault(entry.statement.binding.charter, entry.statement.sender)
    own = sum(each == step.sender.id for each in proposer.values())
    if body.digest() in proposer or own < MOST_OPEN_PROPOSALS:
        return
    raise refused(
        PolicyCode.PROJECT_PROPOSALS,
        f"'{step.sender.id}' sudah mengajukan {MOST_OPEN_PROPOSALS} naskah untuk versi ini;"
        " tanda tangani salah satu yang ada.",
        f"'{step.sender.id}' has proposed {MOST_OPEN_PROPOSALS} texts of this version; sign one of"
        " those that there are.",
    )


def end(step: Step, _: Ended) -> None:
    """Ends a project of two parties of which one fell silent before there were keys."""
    parties = step.project.charter.party_ids
    require_agreed(step.project)
    require_entitled(step.sender.id in parties and len(parties) == 2, step.sender)
    require_first_time(bool(step.project.of(Ended)))
    _require_no_keys(step.project)


def require_not_ended(step: Step) -> None:
    """After the end only destruction is allowed; raises Refused for anything else."""
    if step.project.of(Ended) and not isinstance(
        step.statement.body, Destroyed | Hold | HoldLifted
    ):
        raise refused(
            PolicyCode.PROJECT_ENDED, "Proyek ini sudah diakhiri.", "This project has been ended."
        )


def _require_no_keys(project: Project) -> None:
    if set(project.by_sender(Confirmed)) == set(project.charter.party_ids):
        raise refused(
            PolicyCode.PROJECT_KEYS_EXIST,
            "Kunci sudah ada; pihak tidak dapat dikeluarkan dan proyek tidak diakhiri begini.",
            "There are keys already; no party is dropped and no project ended in this way.",
        )


def epoch(step: Step, body: EpochOpened) -> None:
    """Judges the epoch's key: by the service, once, with a valid key, on an agreed charter."""
    seal_public_key(unb64(body.service_key))
    require_service(step.project, step.sender)
    require_first_time(bool(step.project.of(EpochOpened)))
    require_agreed(step.project)
