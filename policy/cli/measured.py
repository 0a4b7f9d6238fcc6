"""`padan-policy charter measured`: earlier field reviews next to a charter's thresholds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, Refused
from policy.base.words import Words
from policy.charter import load_charter
from policy.evidence import read_bundle, verify_bundle
from policy.project.measured import Measured, measured_in
from policy.project.next_charter import advice
from policy.terminal import console
from policy.wire.session import Session


def register(charter: typer.Typer) -> None:
    charter.command("measured")(measured)


def measured(
    path: Annotated[Path, typer.Argument(help="Piagam berikutnya, YAML / the next charter, YAML")],
    evidence: Annotated[
        list[Path] | None,
        typer.Option(help="Bundel bukti proyek sebelumnya / an earlier project's evidence bundle"),
    ] = None,
    project: Annotated[
        list[str] | None,
        typer.Option(help="Proyek di folder rumah ini / a project in this home folder"),
    ] = None,
) -> None:
    """Presisi terukur di samping ambang piagam / measured precision next to the thresholds."""
    charter = load_charter(path)
    found = [each for bundle in evidence or () for each in _of_bundle(bundle)]
    for name in project or ():
        session = Session(console.unlocked(), name)
        console.bring_up_to_date(session)
        found += measured_in(session.project)
    if not evidence and not project:
        raise BadInput(
            PolicyCode.REVIEW_NOWHERE,
            Words("Tidak ada log yang dibaca.", "No log is read."),
            Words(
                "Sebut --evidence BUNDEL atau --project PROYEK.",
                "Give --evidence BUNDLE or --project PROJECT.",
            ),
        )
    told = advice(charter, found)
    matching = charter.matching
    console.result(
        {
            "thresholds_ppm": dict(matching.thresholds_ppm),
            "review_ppm": dict(matching.review_ppm),
            "strata": [each.as_json() for each in found],
            "advice": [each.as_json() for each in told],
        }
    )
    if console.options.json:
        return
    console.out.print(
        f"thresholds_ppm: {_listed(matching.thresholds_ppm)}\n"
        f"review_ppm: {_listed(matching.review_ppm)}",
        markup=False,
    )
    for stratum in found:
        console.out.print(str(stratum.sentence), markup=False)
    for each in told:
        console.out.print(str(each.sentence), markup=False)
    if not told:
        nothing = Words(
            "Belum ada pemeriksaan lapangan untuk domain piagam ini.",
            "No field review of this charter's domains has been said yet.",
        )
        console.out.print(str(nothing), markup=False)


def _of_bundle(path: Path) -> list[Measured]:
    """The strata in a bundle whose checks do not fail; raises Refused otherwise."""
    report = verify_bundle(read_bundle(path), None, None)
    if report.failed:
        raise Refused(
            PolicyCode.REVIEW_EVIDENCE,
            Words(
                f"{path}: {len(report.failed)} pemeriksaan gagal; angkanya tidak dipakai.",
                f"{path}: {len(report.failed)} checks fail; its figures are not used.",
            ),
            Words("Lihat 'padan-policy verify'.", "See 'padan-policy verify'."),
        )
    return [each.measured for each in report.measured]


def _listed(values: dict[str, int]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(values.items())) or "-"
