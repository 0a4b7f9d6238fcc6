"""The first counts of a release are kept and shown again.

    projects/PROJECT/coverage/RELEASE.DATASET.json      the counts that are shown
    projects/PROJECT/coverage/earlier/RELEASE.DATASET/N.json    those shown before, from 1

Two counts of one release differ by the persons who objected or moved in between. Who has both files
would see what each of them was. So another count replaces the one before only if every count that
changed since any of the earlier ones did so by the charter's smallest cell or more, over the same
areas. Sums and differences of counts are counts too.
"""

from __future__ import annotations

from pathlib import Path

from encoder.error_codes import EncoderCode
from policy.base.errors import Refused
from policy.base.files import read_file, write_file
from policy.base.words import Words
from policy.gates.coverage import AreaCounts, Coverage, parse_coverage

Key = tuple[str, ...]


def kept(folder: Path, release: str, dataset: str) -> Coverage | None:
    """The counts that were kept for a release and a dataset; None if there are none."""
    path = _path(folder, release, dataset)
    return parse_coverage(read_file(path), path.name) if path.exists() else None


def keep(folder: Path, coverage: Coverage) -> None:
    """Keep these counts; raises Refused if they differ too little from any kept before."""
    path = _path(folder, coverage.release, coverage.dataset)
    before = kept(folder, coverage.release, coverage.dataset)
    if before is not None and before.canonical() == coverage.canonical():
        return
    past = path.parent / "earlier" / path.stem
    earlier = [parse_coverage(read_file(each), each.name) for each in past.glob("*.json")]
    if not all(are_apart(each, coverage) for each in (*earlier, *([before] if before else ()))):
        raise _too_close()
    if before is not None:
        past.mkdir(parents=True, exist_ok=True)
        # Written before it is replaced: after an interruption it may be there twice.
        write_file(past / f"{len(earlier) + 1}.json", before.canonical(), private=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, coverage.canonical(), private=True)


def are_apart(earlier: Coverage, later: Coverage) -> bool:
    """Whether no count of few people follows from the two together."""
    before, after = _counts(earlier), _counts(later)
    if before.keys() != after.keys():
        return False
    changes = (abs(after[key] - before[key]) for key in before)
    return all(change == 0 or change >= later.minimum_cell for change in changes)


def _counts(coverage: Coverage) -> dict[Key, int]:
    """Every count by its place in the file."""
    found: dict[Key, int | None] = {
        ("people",): coverage.people,
        ("deceased",): coverage.deceased,
        ("moved",): coverage.moved,
    }
    for source in coverage.sources:
        found |= {
            (source.domain, "confirmed"): source.confirmed,
            (source.domain, "not-confirmed"): source.not_confirmed,
            (source.domain, "to-check"): source.to_check,
            (source.domain, "not-found"): source.not_found,
        }
    found |= {("unmarked", str(at)): each for at, each in enumerate(coverage.unmarked())}
    for each in coverage.combinations:
        found["combination", *each.confirmed_by] = each.people
    for level, areas in (("district", coverage.districts), ("area", coverage.areas)):
        for area in areas:
            found |= _of_area(level, area)
    return {key: count for key, count in found.items() if count is not None}


def _of_area(level: str, area: AreaCounts) -> dict[Key, int | None]:
    where = (level, area.district, area.area, str(area.pooled))
    found: dict[Key, int | None] = {}
    found[*where, "people"] = area.sources[0].people
    for at, split in enumerate(area.sources):
        found[*where, str(at), "confirmed"] = split.confirmed
        found[*where, str(at), "not-confirmed"] = split.not_confirmed
    return found


def _path(folder: Path, release: str, dataset: str) -> Path:
    return folder / "coverage" / f"{release}.{dataset}.json"


def _too_close() -> Refused:
    return Refused(
        EncoderCode.COVERAGE_TOO_CLOSE,
        Words(
            "Hitungan baru hampir sama dengan yang pernah ditulis; selisihnya akan menunjukkan"
            " beberapa orang saja.",
            "The new counts are nearly those written before; the difference would show a few"
            " persons alone.",
        ),
        Words(
            "Pakai hitungan pertama: ulangi tanpa --recount.",
            "Use the first counts: repeat without --recount.",
        ),
    )
