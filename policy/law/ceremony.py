"""The key ceremony: commit, reveal, confirm."""

from __future__ import annotations

from policy.base.canonical import unb64
from policy.base.error_codes import PolicyCode
from policy.crypto.keys import seal_public_key
from policy.law.conditions import (
    require_all_parties,
    require_first_time,
    require_in_window,
    require_party,
    require_ready_to_reveal,
    require_run_gate,
)
from policy.law.step import Step
from policy.project import not_yet, refused
from policy.project.canary_counts import require_planted
from policy.statements import Committed, Confirmed, EpochOpened, Revealed


def commit(step: Step, body: Committed) -> None:
    """Judges a commitment: all datasets of one party, once, with an open epoch and the run gate."""
    if not step.project.of(EpochOpened):
        raise not_yet(
            PolicyCode.PROJECT_WAIT_EPOCH, "Zaman kunci belum dibuka.", "The epoch is not open yet."
        )
    require_party(step.project, step.sender)
    require_first_time(step.sender.id in step.project.by_sender(Committed))
    require_run_gate(step.project, body.at)
    # Peers seal their shares to this key: an unusable key would stop them all.
    seal_public_key(unb64(body.epoch_key))
    owned = {dataset.id: dataset for dataset in step.project.charter.datasets_of(step.sender.id)}
    if owned.keys() != body.datasets.keys():
        raise refused(
            PolicyCode.PROJECT_DATASETS,
            "Komitmen harus memuat semua sumber data instansi ini, tidak lebih.",
            "A commitment names all datasets of its agency and no others.",
        )
    for name, committed in body.datasets.items():
        canaries = require_planted(step.project, committed)
        require_in_window(step.project, name, committed.count - canaries)


def reveal(step: Step, body: Revealed) -> None:
    """Judges a party's share: once, sealed to every other party, after all commitments."""
    require_party(step.project, step.sender)
    require_first_time(step.sender.id in step.project.by_sender(Revealed))
    require_ready_to_reveal(step.project, step.cosigned)
    if body.seals.keys() != set(step.project.charter.party_ids) - {step.sender.id}:
        raise refused(
            PolicyCode.PROJECT_PEERS,
            "Bagian rahasia harus disegel untuk setiap pihak lain.",
            "The share must be sealed to every other party.",
        )


def confirm(step: Step, _: Confirmed) -> None:
    """Judges a party's confirmation: once, after all parties revealed."""
    require_party(step.project, step.sender)
    require_first_time(step.sender.id in step.project.by_sender(Confirmed))
    require_all_parties(step.project, Revealed, "reveal")
