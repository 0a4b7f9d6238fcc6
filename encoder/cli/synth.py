"""`padan-encoder synth`: a synthetic Jakarta, or any other region, for trying everything out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Annotated, TypeVar, cast

import typer

from encoder.error_codes import EncoderCode
from policy.base.errors import BadInput, Unverified
from policy.base.output import Folder
from policy.base.words import Words
from policy.terminal import console
from policy.terminal.commands import folder_argument

if TYPE_CHECKING:
    from encoder.synthetic import MeasuredRate
    from encoder.synthetic.rates import ProfileName

T = TypeVar("T")


def register(app: typer.Typer) -> None:
    app.command()(synth)


def synth(
    folder: Annotated[Folder, folder_argument(help="Folder keluaran / output folder")],
    persons: Annotated[int, typer.Option(min=1, help="Jumlah penduduk / residents")] = 20_000,
    seed: Annotated[int, typer.Option(help="Benih acak / random seed")] = 1,
    region: Annotated[
        str,
        typer.Option(
            help="Kode Kemendagri provinsi atau kabupaten/kota"
            " / Kemendagri code of a province or a kabupaten/kota"
        ),
    ] = "31",
    source: Annotated[
        list[str] | None,
        typer.Option(
            help="Sumber, dapat diulang; tanpa ini empat sumber"
            " / source, repeatable; without it, four sources"
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Keenam sumber / all six sources")] = False,
    profile: Annotated[
        list[str] | None,
        typer.Option(
            help="Mutu satu sumber: dtks=A (A, B, C) / quality of one source: dtks=A (A, B, C)"
        ),
    ] = None,
    share: Annotated[
        list[str] | None,
        typer.Option(help="Cakupan satu sumber: ppks=0.3 / coverage of one source: ppks=0.3"),
    ] = None,
    edition: Annotated[
        int,
        typer.Option(
            min=1,
            help="Edisi triwulan; 2: yang datang, pergi, pindah, dibetulkan sejak edisi 1"
            " / quarterly edition; 2: who came, went, moved, was corrected since edition 1",
        ),
    ] = 1,
    truth_details: Annotated[
        bool, typer.Option("--truth-details", help="Tulis people.csv / write people.csv as well")
    ] = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Ukur galat edisi 1 terhadap dokumen"
            " / measure the error rates of edition 1 against the documentation",
        ),
    ] = False,
) -> None:
    """Tulis sumber tiruan sebuah wilayah / write synthetic sources of a region and their truth."""
    from encoder.synthetic import JAKARTA, SOURCES, files_of, measured_rates, write_sources
    from policy.regions import find

    names = tuple(SOURCES) if every else tuple(dict.fromkeys(source or JAKARTA))
    for name in names:
        _known(name, SOURCES)
    profiles = _settings(profile or (), names, _profile)
    shares = _settings(share or (), names, _share)
    home = find(region).code
    for each in files_of(names, details=truth_details):
        folder.file(each)
    written = write_sources(
        folder.path,
        persons,
        seed,
        names,
        profiles,
        shares,
        details=truth_details,
        region=home,
        edition=edition,
    )
    measured = measured_rates(persons, seed, names, profiles, shares, home) if check else ()
    said = Words(
        f"{folder}: {persons} penduduk tiruan, benih {seed}: {', '.join(written)}.",
        f"{folder}: {persons} synthetic residents, seed {seed}: {', '.join(written)}.",
    )
    table = [said, *map(_line, measured)]
    console.result(
        {
            "folder": str(folder),
            "persons": persons,
            "seed": seed,
            "region": home,
            "edition": edition,
            "sources": list(written),
            "rates": [each.as_json() for each in measured],
        },
        Words("\n".join(line.id for line in table), "\n".join(line.en for line in table)),
    )
    if not all(each.holds for each in measured):
        raise Unverified(
            EncoderCode.SYNTH_RATES,
            Words(
                "Galat terukur menyimpang dari yang didokumentasikan.",
                "Measured error rates differ from the documented ones.",
            ),
            Words(
                "Lihat baris bertanda !; coba benih lain atau lebih banyak penduduk.",
                "See the lines marked !; try another seed, or more residents.",
            ),
        )


def _line(each: MeasuredRate) -> Words:
    mark = " " if each.holds else "!"
    numbers = (
        f"{mark} {each.source:9} {each.profile} {each.documented:8.2%} {each.measured:8.2%}"
        f" ±{each.tolerance:6.2%}  "
    )
    return Words(numbers + each.rate.says.id, numbers + each.rate.says.en)


def _settings(
    options: Sequence[str], names: Collection[str], read: Callable[[str], T]
) -> dict[str, T]:
    """The values of NAME=VALUE options."""
    settings = {}
    for option in options:
        name, _, value = option.partition("=")
        settings[_known(name, names)] = read(value)
    return settings


def _known(name: str, names: Collection[str]) -> str:
    if name in names:
        return name
    raise BadInput(
        EncoderCode.OPTION_SYNTH,
        Words(f"{name} bukan sumber yang ditulis.", f"{name} is not a source that is written."),
        Words(f"Sumber: {', '.join(names)}.", f"The sources are: {', '.join(names)}."),
    )


def _profile(value: str) -> ProfileName:
    if value in ("A", "B", "C"):
        return cast("ProfileName", value)
    raise BadInput(
        EncoderCode.OPTION_SYNTH,
        Words(f"{value!r} bukan profil mutu.", f"{value!r} is not a quality profile."),
        Words("Profil: A, B, C; misalnya dtks=A.", "The profiles are A, B, C: dtks=A."),
    )


def _share(value: str) -> float:
    try:
        share = float(value)
    except ValueError:
        share = -1.0
    if 0 < share <= 1:
        return share
    raise BadInput(
        EncoderCode.OPTION_SYNTH,
        Words(f"{value!r} bukan cakupan.", f"{value!r} is not a share of the residents."),
        Words("Isi lebih dari 0 sampai 1: ppks=0.3.", "Give more than 0, up to 1: ppks=0.3."),
    )
