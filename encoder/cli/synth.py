"""`padan-encoder synth`: a synthetic Jakarta to try everything on."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from typing import Annotated, Any

import typer

from policy import console
from policy.errors import BadInput
from policy.words import Words


def register(app: typer.Typer) -> None:
    app.command()(synth)


def synth(
    folder: Annotated[Path, typer.Argument(help="Folder keluaran / output folder")],
    persons: Annotated[int, typer.Option(min=1, help="Jumlah penduduk / residents")] = 20_000,
    seed: Annotated[int, typer.Option(help="Benih acak / random seed")] = 1,
    source: Annotated[
        list[str] | None,
        typer.Option(
            help="regsosek, dtks, carik, ppks, p3ke, dtsen; empat yang pertama bila kosong"
        ),
    ] = None,
    profile: Annotated[
        list[str] | None, typer.Option(help="SUMBER=A|B|C; profil galat / error profile")
    ] = None,
    share: Annotated[
        list[str] | None, typer.Option(help="SUMBER=0.3; bagian penduduk / share of residents")
    ] = None,
) -> None:
    """Tulis sumber tiruan dan kebenarannya / write synthetic sources and their truth."""
    from encoder.synthetic import SOURCES, write_sources
    from encoder.synthetic.errors import PROFILES

    chosen = _pairs(profile, PROFILES.keys(), SOURCES)
    shares = {name: float(of) for name, of in _pairs(share, None, SOURCES).items()}
    for name in source or ():
        _known(name, SOURCES)
    profiles = {name: of for name, of in chosen.items() if of in PROFILES}
    names = write_sources(folder, persons, seed, tuple(source or ()), profiles, shares)
    listed = ", ".join(names)
    console.result(
        {"folder": str(folder), "persons": persons, "seed": seed, "sources": list(names)},
        Words(
            f"{folder}: {persons} penduduk tiruan, benih {seed}: {listed}.",
            f"{folder}: {persons} synthetic residents, seed {seed}: {listed}.",
        ),
    )


def _pairs(
    options: list[str] | None, allowed: Container[str] | None, sources: Container[str]
) -> dict[str, Any]:
    """NAME=VALUE options; a value of `allowed`, or a share above 0 and up to 1."""
    chosen: dict[str, Any] = {}
    for option in options or ():
        name, _, value = option.partition("=")
        _known(name, sources)
        if allowed is None:
            fits = value.replace(".", "", 1).isdecimal() and 0 < float(value) <= 1
        else:
            fits = value in allowed
        if not fits:
            raise _bad(option)
        chosen[name] = value
    return chosen


def _known(name: str, sources: Container[str]) -> None:
    if name not in sources:
        raise _bad(name)


def _bad(option: str) -> BadInput:
    return BadInput(
        "option.synth",
        Words(f"Pilihan '{option}' tidak dikenal.", f"There is no choice '{option}'."),
        Words(
            "Misalnya --source dtks --profile dtks=A --share ppks=0.3.",
            "For example --source dtks --profile dtks=A --share ppks=0.3.",
        ),
    )
