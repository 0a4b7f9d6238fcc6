"""Where a frozen dataset's source is now: options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SourcePath = Annotated[
    Path | None,
    typer.Option(
        help="Tempat sumber sekarang, bila dipindah / where the source is now, if it was moved"
    ),
]
MappingPath = Annotated[
    Path | None,
    typer.Option(help="Pemetaan sumber itu, bila lain / mapping of that source, if it is another"),
]
