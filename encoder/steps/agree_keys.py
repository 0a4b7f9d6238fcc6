"""One agency's part in the key ceremony: commit, reveal, confirm; for command and page."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from encoder.encoding.confirmation import own_records_mac, require_agreement
from encoder.encoding.project_keys import ProjectKeys, agree, commitment, member_mac, seal_shares
from encoder.error_codes import EncoderCode
from encoder.steps.send_again import send_again
from encoder.steps.workspace import Workspace
from policy.base.canonical import b64, sha256, unb64
from policy.base.error_codes import PolicyCode
from policy.base.errors import NotYet
from policy.base.words import Words
from policy.charter.shipped_probes import is_shipped
from policy.formats.http_api import MAILBOX
from policy.gates.cases import run_case
from policy.gates.decision import run_gate
from policy.law.conditions import (
    require_all_parties,
    require_first_time,
    require_ready_to_reveal,
    require_run_gate,
)
from policy.project import Project
from policy.project.naming import offices
from policy.statements import Committed, Confirmed, DatasetCommitment, Revealed
from policy.wire.session import Session


def require_report_signed_twice(session: Session) -> None:
    """Raises NotYet while only another agency's signature on the shipped probe report is missing.

    Its `go` signs the report by itself once the charter is in force; until then nobody commits.
    """
    lacking = awaited_on_report(session.project)
    if not lacking:
        return
    names = offices(session.project).members(lacking)
    some = Words("", "") if len(lacking) == 1 else Words("salah satu dari ", "one of ")
    raise NotYet(
        PolicyCode.PROJECT_WAIT_PROBE,
        Words(
            f"Giliran {some.id}{names.id}: menandatangani laporan uji bawaan Padan.",
            f"It is the turn of {some.en}{names.en}: sign the probe report that comes with Padan.",
        ),
        Words(
            "Orang di sana menekan 'Kerjakan giliran saya' di halamannya sendiri, atau menjalankan"
            f" 'padan-encoder go {session.project_id}'. Sesudah itu ulangi langkah ini.",
            "The person there presses 'Take my turn' on their own page, or runs"
            f" 'padan-encoder go {session.project_id}'. Take this step again afterwards.",
        ),
    )


def awaited_on_report(state: Project) -> tuple[str, ...]:
    """The parties of which one must sign the shipped report after the first; empty if none must."""
    charter = state.charter
    if not is_shipped(charter.dpia.probe):
        return ()
    case = run_case(state, int(time.time()))
    signed_by = case.probed_by.get(charter.dpia.probe or "", frozenset())
    failing = [each.rule.id for each in run_gate(case).findings if not each.passed]
    if failing != ["run.privacy"] or len(signed_by) != 1:
        return ()
    roster = state.roster
    return tuple(p for p in charter.party_ids if roster.member(p).agency not in signed_by)


def commit_share(session: Session) -> Committed:
    """Commit this agency's share, and the handles of all its datasets.

    Given again for the same rows, it changes nothing; raises Refused for other rows.
    """
    state = session.sync()
    workspace = Workspace(session)
    said = session.said(Committed)
    if said is not None:
        require_first_time(said.datasets != _commitments(workspace))
        return said
    require_report_signed_twice(session)
    require_run_gate(state, int(time.time()))
    share = workspace.share()
    body = Committed(
        at=int(time.time()),
        commitment=commitment(state, session.me.member.id, share.secret),
        epoch_key=b64(share.epoch_key.public_bytes()),
        datasets=_commitments(workspace),
    )
    session.say(body)
    return body


def _commitments(workspace: Workspace) -> dict[str, DatasetCommitment]:
    return {name: workspace.prepared(name).commitment() for name in workspace.own_datasets()}


def reveal_share(session: Session) -> Revealed:
    """Seal the share to every peer, after a checkpoint contains all commitments.

    Given again, it sends only seals that the service has lost.
    """
    state = session.sync()
    said = session.said(Revealed)
    if said is not None:
        send_again(session)
        return said
    require_ready_to_reveal(state, session.replica().cosigned_sizes())
    member = session.me.member.id
    workspace = Workspace(session)
    sealed = seal_shares(state, member, workspace.share(), session.me.keys.signing)
    seals = {peer: seal.canonical() for peer, seal in sealed.items()}
    workspace.keep_seals(seals)
    for peer, seal in seals.items():
        session.put(f"/projects/{session.project_id}/mailbox/{peer}", seal)
    digests = {peer: sha256(seal) for peer, seal in seals.items()}
    body = Revealed(at=int(time.time()), seals=digests)
    session.say(body)
    return body


def confirm_keys(session: Session) -> Confirmed:
    """Derive the project's keys and confirm that they, the rules and the profile are right.

    After its confirmation is in the log, this agency no longer needs its share and destroys it:
    recorded traffic must not rebuild the secret. Given again, it changes nothing.
    """
    state = session.sync()
    workspace = Workspace(session)
    _end_share(workspace)
    said = session.said(Confirmed)
    if said is not None:
        return said
    require_all_parties(state, Revealed, "reveal")
    mail = MAILBOX.validate_json(session.get(f"/projects/{session.project_id}/mailbox"))
    sealed = {peer: unb64(text) for peer, text in mail.items()}
    member = session.me.member.id
    _require_all_seals([each for each in state.charter.party_ids if each != member], sealed)
    keys = agree(state, member, workspace.share(), sealed)
    workspace.keep_keys(keys)
    body = Confirmed(
        at=int(time.time()),
        records_mac=own_records_mac(state, keys),
        member_mac=member_mac(state, keys, member),
    )
    session.say(body)
    _end_share(workspace)
    return body


def agreed_keys(workspace: Workspace) -> ProjectKeys:
    """The keys for encoding, after all agencies have confirmed the same."""
    workspace.require_kept("prepared-rows", "keys")
    keys = workspace.keys()
    require_agreement(workspace.session.project, keys)
    _end_share(workspace)
    return keys


def _end_share(workspace: Workspace) -> None:
    """Destroy the share if this agency's confirmation is in the log.

    The later steps call this again: a 'confirm' may have been interrupted.
    """
    session = workspace.session
    confirmed = session.project.by_sender(Confirmed)
    if session.me.member.id in confirmed:
        workspace.destroy_shares()
    if set(confirmed) == set(session.project.charter.party_ids):
        workspace.destroy_seals()


def _require_all_seals(peers: Sequence[str], sealed: Mapping[str, bytes]) -> None:
    """Raises NotYet for a revealed seal that the service lost, as by a restored backup."""
    lost = ", ".join(each for each in peers if each not in sealed)
    if lost:
        raise NotYet(
            EncoderCode.CEREMONY_SEAL,
            Words(
                f"Layanan kehilangan segel dari {lost}, misalnya karena dipulihkan dari cadangan.",
                f"The service has lost the seals from {lost}, such as by a restored backup.",
            ),
            Words(
                "Di sana 'padan-encoder go' mengirimnya lagi. Sesudah itu jalankan perintah yang"
                " sama.",
                "There 'padan-encoder go' sends them again. Give the same command afterwards.",
            ),
        )
