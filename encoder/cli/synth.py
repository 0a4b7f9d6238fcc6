"""`padan-encoder synth`: a synthetic Jakarta to try everything on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from policy import console
from policy.words import Words


def register(app: typer.Typer) -> None:
    app.command()(synth)


def synth(
    folder: Annotated[Path, typer.Argument(help="Folder keluaran / output folder")],
    persons: Annotated[int, typer.Option(help="Jumlah penduduk / residents")] = 20_000,
    seed: Annotated[int, typer.Option(help="Benih acak / random seed")] = 1,
) -> None:
    """Tulis Regsosek, DTKS, Carik, PPKS tiruan / write four synthetic sources."""
    from encoder.synthetic import write_sources

    write_sources(folder, persons, seed)
    console.result(
        {"folder": str(folder), "persons": persons, "seed": seed},
        Words(
            f"{folder}: {persons} penduduk tiruan, benih {seed}.",
            f"{folder}: {persons} synthetic residents, seed {seed}.",
        ),
    )
