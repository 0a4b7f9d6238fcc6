"""Make the evidence vectors of the law that this build writes: `python -m tests.vectors.make`.

A folder a bundle, under the law that its charter names. Vectors are never made again: every later
build reads them and comes to the same verdict (tests/conformance/test_evidence_vectors.py).

`jakarta` is the bundle of `make demo` on the build of that law.

    evidence.zip   the bundle
    held.json      what the auditor holds from elsewhere: roster digest, own checkpoint, day
    report.json    what the verifier of the build that made it said
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from policy.base.canonical import sha256
from policy.charter import Charter
from policy.evidence import pack_bundle, verify_bundle
from policy.statements import CharterBody, ReviewApproved, Reviewed, ReviewFigures
from policy.statements.kinds.reviewed import ReviewStratum
from tests.support.republic import PARTIES, Republic, assessed, charter_from
from tests.support.transfers import DOMAIN, released, to_receipt


def clean() -> Republic:
    """Everything went well, and all receipts are in."""
    return Republic().to("receipt")


def refused() -> Republic:
    """A cell was too small, and nothing left."""
    republic = Republic(matched=4).to("decide")
    republic.witness()
    return republic


def amended() -> Republic:
    """The charter was tightened after the run; the release was decided by its second version."""
    republic = Republic().to("run")
    later = _tightened(republic.charter)
    for party in PARTIES:
        republic.say(party, CharterBody.model_validate(later.model_dump()))
    republic.charter = later
    for step in ("request", "stage", "approve", "decide", "receipt"):
        getattr(republic, step)()
    return republic


def caught() -> Republic:
    """The service executed a lower threshold than ordered, and said so in the log."""
    republic = Republic().to("order")
    republic.witness()
    finished = republic.run_finished(thresholds_ppm={"utama": 450_000})
    republic.run_digest = republic.force("service", finished, run="run-1")
    republic.witness()
    return republic


def shared() -> Republic:
    """Attributes were sent under released IDs and opened; field counts were approved and said."""
    republic = to_receipt(released())
    decision = republic.project.release("rilis-1").require_decision().digest
    told = ReviewFigures(
        project=republic.charter.project,
        release="rilis-1",
        decision=decision,
        dataset="dtks",
        salt=sha256(b"salt of the field review"),
        strata=(
            ReviewStratum(
                domain=DOMAIN,
                grade="any",
                weight=100,
                resolved=90,
                same=78,
                other=12,
                unresolved=None,
            ),
        ),
    )
    approved = ReviewApproved(
        at=republic.now, release="rilis-1", dataset="dtks", figures=told.digest()
    )
    republic.say("dinsos-approver", approved, run="rilis-1")
    republic.witness()
    republic.say("dinsos", Reviewed(at=republic.now, **dict(told)), run="rilis-1")
    republic.witness()
    return republic


VECTORS: dict[str, Callable[[], Republic]] = {
    "clean": clean,
    "refused": refused,
    "amended": amended,
    "caught": caught,
    "shared": shared,
}


def _tightened(charter: Charter) -> Charter:
    tree: dict[str, Any] = charter.model_dump(mode="json")
    tree["version"] += 1
    tree["release"]["minimum_cell"] += 2
    return charter_from(assessed(tree))


def write(folder: Path, republic: Republic) -> None:
    bundle, pinned = republic.evidence(), republic.roster.digest()
    own = republic.notes[min(republic.notes)]
    folder.mkdir(parents=True)
    (folder / "evidence.zip").write_bytes(pack_bundle(bundle))
    held = {"roster_digest": pinned, "checkpoint": own, "at": republic.now}
    (folder / "held.json").write_text(json.dumps(held, indent=1) + "\n")
    report = verify_bundle(bundle, pinned, own).as_json()
    text = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
    (folder / "report.json").write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a folder for the law's vectors; must be new")
    folder: Path = parser.parse_args().folder
    for name, made in VECTORS.items():
        write(folder / name, made())


if __name__ == "__main__":
    main()
