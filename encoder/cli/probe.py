"""`padan-encoder probe`: attack the encodings of a charter, on synthetic people."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from encoder.error_codes import EncoderCode
from policy.base.errors import NotYet, Unverified
from policy.base.output import JSON, Output
from policy.base.words import Words
from policy.terminal import console
from policy.terminal.arguments import ProjectId
from policy.terminal.commands import output_option

if TYPE_CHECKING:
    from encoder.probe import Probes
    from policy.charter import Charter
    from policy.charter.probe_report import ProbeReport

_STEPS = 7


def register(app: typer.Typer) -> None:
    app.command()(probe)
    app.command("repeat-probe")(repeat_probe)


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
    repeat: Annotated[
        Path | None, typer.Option(help="Laporan yang diulang / a report to be repeated")
    ] = None,
) -> None:
    """Uji serangan atas penyandian piagam, dengan orang tiruan / attack the charter's encodings."""
    from encoder.probe import probe_charter
    from policy.charter import load_charter
    from policy.charter.probe_file import read_report

    if repeat is not None:
        repeated = read_report(repeat)
        _require_alike(repeated, _repeated(load_charter(charter), repeated))
        console.result({"digest": repeated.digest(), "repeats": True}, _REPEATS)
        return
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
            EncoderCode.PROBE_FLOOR,
            Words(
                f"Profil '{probes.report.profile}' tidak memenuhi semua batas.",
                f"The profile '{probes.report.profile}' does not meet every floor.",
            ),
            Words(
                "Pakai profil compound-2 dengan padan-id-5, atau minta pengecualian DPO.",
                "Use the profile compound-2 with padan-id-5, or ask the DPO for an exception.",
            ),
        )
    if not probes.passed:
        raise Unverified(
            EncoderCode.PROBE_SMALL,
            Words(
                "Kelompok ujinya terlalu kecil untuk menilai.",
                "The group probed is too small to judge by.",
            ),
            Words(
                "Ulangi dengan lebih banyak orang, misalnya --rows 5000 --known 5000.",
                "Probe again with more people, for example --rows 5000 --known 5000.",
            ),
        )


def repeat_probe(
    project: ProjectId,
    report: Annotated[
        str | None,
        typer.Argument(
            help="Sidik laporan; tanpa ini yang dirujuk DPIA"
            " / digest of the report; without it, the one that the DPIA names"
        ),
    ] = None,
) -> None:
    """Ulangi laporan di log dengan benihnya, lalu tanda tangani
    / repeat a logged report, then sign it.
    """
    from policy.statements import Probed
    from policy.wire.session import Session

    session = Session(console.unlocked(), project)
    state = session.sync()
    wanted = report or state.charter.dpia.probe
    logged = (entry.body.report for entry in state.of(Probed))
    found = next((each for each in logged if each.digest() == wanted), None)
    if found is None:
        raise NotYet(
            EncoderCode.PROBE_NOT_LOGGED,
            Words("Laporan itu tidak ada di log.", "That report is not in the log."),
            Words(
                "Satu pihak mencatatnya dengan 'padan-policy log-probe'.",
                "A party puts it there by 'padan-policy log-probe'.",
            ),
        )
    _require_alike(found, _repeated(state.charter, found))
    session.say(Probed(at=int(time.time()), report=found))
    console.result({"digest": found.digest(), "repeats": True}, _REPEATS)


_REPEATS = Words(
    "Laporan itu terulang: semua angkanya sama.",
    "The report repeats: all its figures are the same.",
)


def _repeated(charter: Charter, report: ProbeReport) -> ProbeReport:
    """The probes repeated with the report's seed."""
    from encoder.probe import probe_charter

    bar, advance = console.progress(Words("mengulang uji", "probing again"), _STEPS)
    with bar:
        again = probe_charter(
            charter,
            rows=report.rows,
            known=report.known,
            seed=report.seed,
            people=report.people or None,
            advance=advance,
        )
    return again.report


def _require_alike(report: ProbeReport, again: ProbeReport) -> None:
    unlike = report.unlike(again)
    if unlike:
        names = ", ".join(unlike)
        raise Unverified(
            EncoderCode.PROBE_NOT_REPEATED,
            Words(
                f"Laporan {report.digest()[:12]}… tidak terulang: {names}.",
                f"The report {report.digest()[:12]}… does not repeat: {names}.",
            ),
            Words(
                "Jangan tanda tangani; tanyakan piagam dan versi Padan mana yang diuji.",
                "Do not sign it; ask which charter and version of Padan was probed.",
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
