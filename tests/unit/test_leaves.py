"""Rows opened on site: those that were drawn, and those that were committed to."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from policy.base.errors import BadInput
from policy.evidence import VerificationReport, verify_bundle
from policy.formats.opened_leaves import (
    LeafDraw,
    OpenedLeaf,
    OpenedLeaves,
    parse_draw,
    parse_opened,
)
from policy.log import inclusion_proofs, leaf_hash, parse_checkpoint, parse_note, root_hash
from policy.log.drawn_leaves import BETWEEN_FIELDS, draw_positions, handle_of
from policy.statements import Committed, DatasetCommitment
from tests.support.republic import Republic

ROWS = 1_032
KEY = os.urandom(32)


@dataclass
class Rows:
    """An agency's rows as they were frozen: fields, nonces, handles in ascending order."""

    rows: int = ROWS
    by_handle: dict[bytes, tuple[bytes, str, tuple[str, ...]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number in range(self.rows):
            fields, nonce = (f"ORANG {number}", "1"), os.urandom(16)
            digest = hashlib.sha256(BETWEEN_FIELDS.join(fields).encode()).digest()[:16]
            handle = handle_of(KEY, digest, nonce, f"id-{number}")
            self.by_handle[handle] = nonce, f"id-{number}", fields
        self.handles = sorted(self.by_handle)
        self.hashes = [leaf_hash(handle) for handle in self.handles]

    def opened(self, draw: LeafDraw) -> OpenedLeaves:
        proofs = inclusion_proofs(self.hashes, draw.positions)
        leaves = []
        for position, proof in zip(draw.positions, proofs, strict=True):
            handle = self.handles[position]
            nonce, record_id, fields = self.by_handle[handle]
            leaves.append(
                OpenedLeaf(
                    position=position,
                    handle=handle.hex(),
                    proof=tuple(each.hex() for each in proof),
                    nonce=nonce.hex(),
                    row="ab" * 32,
                    record_id=record_id,
                    fields=fields,
                )
            )
        return OpenedLeaves(draw=draw, key=KEY.hex(), columns=("nama", "sex"), leaves=tuple(leaves))


@dataclass
class Scene:
    """A project whose dataset `dtks` has these rows, up to accepted bundles, witnessed."""

    rows: Rows
    republic: Republic
    draw: LeafDraw

    def verified(self, answer: OpenedLeaves) -> VerificationReport:
        republic = self.republic
        kept = republic.notes[min(republic.notes)]
        digest = republic.roster.digest()
        return verify_bundle(republic.evidence(), digest, kept, leaves=[answer])

    def standing(self, answer: OpenedLeaves) -> str:
        finding = self.verified(answer).finding("encodings.leaves.dtks")
        assert finding is not None
        return finding.standing


class WithRows(Republic):
    """A republic in which dinsos commits to real handles."""

    rows: Rows

    def committed(self, party: str, count: int = ROWS) -> Committed:
        body = super().committed(party, count)
        if party != "dinsos":
            return body
        own = DatasetCommitment(handle_root=root_hash(self.rows.hashes).hex(), count=ROWS)
        return body.model_copy(update={"datasets": {**body.datasets, "dtks": own}})

    def manifest(self, dataset: str, **change: Any) -> Any:
        if dataset == "dtks":
            change["handle_root"] = root_hash(self.rows.hashes).hex()
        return super().manifest(dataset, **change)


def drawn(republic: Republic, number: int = 12) -> LeafDraw:
    commitment = republic.project.bundles()["dtks"].digest
    note = republic.notes[max(republic.notes)]
    checkpoint = parse_checkpoint(parse_note(note).text)
    return LeafDraw(
        project=republic.charter.project,
        dataset="dtks",
        commitment=commitment,
        rows=ROWS,
        checkpoint=note,
        positions=draw_positions(commitment, "dtks", checkpoint, ROWS, number),
    )


@pytest.fixture(scope="module")
def scene() -> Scene:
    republic = WithRows()
    republic.rows = Rows()
    republic.to("bundle")
    republic.witness()
    return Scene(republic.rows, republic, drawn(republic))


def test_what_was_drawn_and_committed_is_proved(scene: Scene) -> None:
    assert scene.standing(scene.rows.opened(scene.draw)) == "proved"
    assert len(scene.draw.positions) == 12


def test_a_draw_is_spread_over_all_rows_and_the_same_for_everybody(scene: Scene) -> None:
    checkpoint = parse_checkpoint(parse_note(scene.draw.checkpoint).text)
    many = draw_positions(scene.draw.commitment, "dtks", checkpoint, ROWS, 500)
    assert many == draw_positions(scene.draw.commitment, "dtks", checkpoint, ROWS, 500)
    assert len(set(many)) == 500
    assert min(many) < 30
    assert max(many) > ROWS - 30
    assert draw_positions("0" * 64, "dtks", checkpoint, 3, 10) == (0, 1, 2)


def _leaf(answer: OpenedLeaves, **change: Any) -> OpenedLeaves:
    first, *rest = answer.leaves
    return answer.model_copy(update={"leaves": (first.model_copy(update=change), *rest)})


LIES: dict[str, Callable[[Scene, OpenedLeaves], OpenedLeaves]] = {
    "another record": lambda _, answer: _leaf(answer, record_id="id-0"),
    "other fields": lambda _, answer: _leaf(answer, fields=("ORANG LAIN", "1")),
    "another nonce": lambda _, answer: _leaf(answer, nonce="00" * 16),
    "another handle": lambda _, answer: _leaf(answer, handle="00" * 16),
    "no proof": lambda _, answer: _leaf(answer, proof=()),
    "another key": lambda _, answer: answer.model_copy(update={"key": "00" * 32}),
    "a row less": lambda _, answer: answer.model_copy(update={"leaves": answer.leaves[1:]}),
    "a canary slot": lambda _, answer: _leaf(answer, slot=0),
}


@pytest.mark.parametrize("lie", LIES)
def test_rows_that_were_exchanged_are_named(lie: str, scene: Scene) -> None:
    assert scene.standing(LIES[lie](scene, scene.rows.opened(scene.draw))) == "failed"


def test_rows_that_the_agency_chose_are_not_drawn(scene: Scene) -> None:
    chosen = scene.draw.model_copy(update={"positions": tuple(range(12))})
    assert scene.standing(scene.rows.opened(chosen)) == "failed"


def test_a_checkpoint_from_before_the_bundle_draws_nothing(scene: Scene) -> None:
    """It could have been foreseen when the rows were committed to."""
    early = scene.republic.notes[min(scene.republic.notes)]
    checkpoint = parse_checkpoint(parse_note(early).text)
    positions = draw_positions(scene.draw.commitment, "dtks", checkpoint, ROWS, 12)
    draw = scene.draw.model_copy(update={"checkpoint": early, "positions": positions})
    assert scene.standing(scene.rows.opened(draw)) == "failed"


def test_an_unwitnessed_checkpoint_draws_nothing(scene: Scene) -> None:
    """The service alone could try heads until one draws the rows that it likes."""
    alone = scene.republic.checkpoint()
    checkpoint = parse_checkpoint(parse_note(alone).text)
    assert scene.standing(scene.rows.opened(scene.draw)) == "proved"
    other = WithRows(keys=scene.republic.keys)
    other.rows = scene.rows
    other.to("bundle")
    draw = drawn_by(other, alone, checkpoint)
    report = verify_bundle(
        other.evidence(), other.roster.digest(), None, leaves=[scene.rows.opened(draw)]
    )
    finding = report.finding("encodings.leaves.dtks")
    assert finding is not None
    assert finding.standing == "failed"


def drawn_by(republic: Republic, note: str, checkpoint: Any) -> LeafDraw:
    commitment = republic.project.bundles()["dtks"].digest
    return LeafDraw(
        project=republic.charter.project,
        dataset="dtks",
        commitment=commitment,
        rows=ROWS,
        checkpoint=note,
        positions=draw_positions(commitment, "dtks", checkpoint, ROWS, 12),
    )


def test_no_opened_value_stands_in_the_report(scene: Scene) -> None:
    answer = scene.rows.opened(scene.draw)
    for given in (answer, _leaf(answer, fields=("ORANG LAIN", "1"))):
        text = str(scene.verified(given).as_json())
        assert "ORANG" not in text
        assert answer.leaves[0].record_id not in text.split("'")


def test_files_that_are_no_draw_are_refused() -> None:
    for parse in (parse_draw, parse_opened):
        with pytest.raises(BadInput):
            parse(b"{}")
