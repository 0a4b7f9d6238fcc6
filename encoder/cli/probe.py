"""`padan-encoder probe`: attack the encodings of a charter, on synthetic people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from policy import console
from policy.commands import output_option
from policy.errors import Unverified
from policy.output import JSON, Output
from policy.words import Words

if TYPE_CHECKING:
    from encoder.probe import Probes

_STEPS = 7


def register(app: typer.Typer) -> None:
    app.command()(probe)


def probe(
    charter: Annotated[Path, typer.Argument(help="Piagam / charter (YAML or JSON)")],
    rows: Annotated[int, typer.Option(min=1, help="Orang yang dicari / people wanted")] = 5_000,
    known: Annotated[
        int, typer.Option(min=1, help="Pasangan yang diketahui / known pairs")
    ] = 5_000,
    seed: Annotated[int, typer.Option(help="Benih acak / random seed")] = 1,
    people: Annotated[
        int | None,
        typer.Option(min=1, help="Baris daftar terbesar / rows of the largest list"),
    ] = None,
    out: Annotated[
        Output | None, output_option(help="Laporan JSON / JSON report", form=JSON)
    ] = None,
) -> None:
    """Uji serangan atas penyandian piagam, dengan orang tiruan / attack a charter's encodings."""
    from encoder.probe import probe_charter
    from policy.charter import load_charter

    bar, advance = console.progress(Words("menguji", "probing"), _STEPS)
    with bar:
        probes = probe_charter(
            load_charter(charter), rows=rows, known=known, seed=seed, people=people, advance=advance
        )
    if out is not None:
        out.write(probes.report.canonical())
    console.result(
        {
            **probes.report.model_dump(mode="json"),
            "digest": probes.report.digest(),
            "passed": probes.passed,
            "failing": list(probes.failing),
        },
        _table(probes),
    )
    if probes.failing:
        raise Unverified(
            "probe.floor",
            Words(
                f"Profil '{probes.report.profile}' tidak memenuhi semua batas.",
                f"The profile '{probes.report.profile}' does not meet every floor.",
            ),
            Words(
                "Pakai profil compound-2 dengan padan-id-4, atau minta pengecualian DPO.",
                "Use the profile compound-2 with padan-id-4, or ask the DPO for an exception.",
            ),
        )
    if not probes.passed:
        raise Unverified(
            "probe.small",
            Words(
                "Kelompok ujinya terlalu kecil untuk menilai.",
                "The group probed is too small to judge by.",
            ),
            Words(
                "Ulangi dengan lebih banyak orang, misalnya --rows 5000 --known 5000.",
                "Probe again with more people, for example --rows 5000 --known 5000.",
            ),
        )


def _table(probes: Probes) -> Words:
    return Words(_lines(probes, "id"), _lines(probes, "en"))


def _lines(probes: Probes, language: str) -> str:
    groups = {
        "year": {"id": "satu tahun lahir", "en": "one birth year"},
        "date": {"id": "satu tanggal lahir", "en": "one birth date"},
        "region": {"id": "sepadat daftar terbesar", "en": "as dense as the largest list"},
        "salt": {"id": "satu kelompok garam", "en": "one salt's group"},
    }
    report = probes.report
    lines = [f"{report.profile}: {report.rows} + {report.known} ({report.people})"]
    lines.append(", ".join(f"{name} {size}" for name, size in report.groups.items()))
    for each in probes.findings:
        mark = "-" if each.floor is None else ("ok" if each.passed else "X")
        floor = "" if each.floor is None else f"  [{each.floor:g}]"
        title = getattr(each.title, language)
        lines.append(
            f"  {mark:>2}  {title} ({groups[each.group][language]}): {each.value:.3f}{floor}"
        )
    return "\n".join(lines)
