"""The agreed fields: of a charter in a file, or of the project's own charter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from encoder.error_codes import EncoderCode
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.terminal import console

if TYPE_CHECKING:
    from policy.charter import LinkageField

CharterFile = Annotated[
    Path | None, typer.Option(help="Piagam yang kolomnya dipetakan / charter whose fields count")
]
OfProject = Annotated[
    str | None, typer.Option("--project", help="Atau piagam proyek ini / or this project's charter")
]


def agreed_fields(charter: Path | None, project: str | None) -> tuple[LinkageField, ...] | None:
    """The agreed fields; None without a charter and a project."""
    from policy.charter import load_charter
    from policy.wire.session import Session

    if charter is not None and project is not None:
        raise BadInput(
            EncoderCode.USAGE_CHARTER,
            Words("--charter dan --project bersamaan.", "--charter and --project together."),
            Words("Pilih salah satu.", "Give one of them."),
        )
    if project is not None:
        return Session(console.unlocked(), project).sync().charter.fields
    return None if charter is None else load_charter(charter).fields
