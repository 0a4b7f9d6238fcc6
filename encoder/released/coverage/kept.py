"""The first counts of a release are kept and shown again.

    projects/PROJECT/coverage/RELEASE.DATASET.json      the counts that are shown
    projects/PROJECT/coverage/earlier/RELEASE.DATASET/N.json    those shown before, from 1

Two counts of one release differ by the persons who objected or moved in between. Who has both files
would see what each of them was; and so it is with two releases, and with two lists of this agency.
So everything that was given is remembered, and further counts are given only as finely as no small
count follows from them and any of the earlier ones (`encoder.released.coverage.together`).
"""

from __future__ import annotations

from pathlib import Path

from encoder.error_codes import EncoderCode
from encoder.released.coverage.together import are_together, fitting
from policy.base.errors import Refused
from policy.base.files import read_file, write_file
from policy.base.words import Words
from policy.gates.coverage import Coverage, parse_coverage


def kept(folder: Path, release: str, dataset: str) -> Coverage | None:
    """The counts that were kept for a release and a dataset; None if there are none."""
    path = _path(folder, release, dataset)
    return parse_coverage(read_file(path), path.name) if path.exists() else None


def keep(folder: Path, coverage: Coverage) -> Coverage:
    """Keep these counts, as finely as they may be given next to all that were kept before.

    Returns what was kept. Raises Refused if even the counts of the whole list differ too little.
    """
    path = _path(folder, coverage.release, coverage.dataset)
    before = kept(folder, coverage.release, coverage.dataset)
    if before is not None and before.canonical() == coverage.canonical():
        return before
    earlier = _all_before(folder)
    of_this = [e for e in earlier if (e.release, e.dataset) == (coverage.release, coverage.dataset)]
    # Counted again, it is given as finely as before, or not at all.
    again = all(are_together(each, coverage) for each in of_this)
    fitted = fitting(coverage, earlier) if again else None
    if fitted is None:
        raise _too_close()
    if before is not None:
        past = path.parent / "earlier" / path.stem
        past.mkdir(parents=True, exist_ok=True)
        # Written before it is replaced: after an interruption it may be there twice.
        number = len(list(past.glob("*.json"))) + 1
        write_file(past / f"{number}.json", before.canonical(), private=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, fitted.canonical(), private=True)
    return fitted


def _all_before(folder: Path) -> list[Coverage]:
    """Every coverage of this project that was kept, of any list and release."""
    paths = sorted((folder / "coverage").rglob("*.json"))
    return [parse_coverage(read_file(each), each.name) for each in paths]


def _path(folder: Path, release: str, dataset: str) -> Path:
    return folder / "coverage" / f"{release}.{dataset}.json"


def _too_close() -> Refused:
    return Refused(
        EncoderCode.COVERAGE_TOO_CLOSE,
        Words(
            "Hitungan baru hampir sama dengan yang pernah ditulis untuk daftar, rilis, atau daftar"
            " lain instansi ini; selisihnya akan menunjukkan beberapa orang saja.",
            "The new counts are nearly those written before, of this list, another release or"
            " another list of this agency; the difference would show a few persons alone.",
        ),
        Words(
            "Pakai hitungan yang sudah ada; hitungan rilis ini: ulangi tanpa --recount.",
            "Use the counts that are there; for those of this release repeat without --recount.",
        ),
    )
