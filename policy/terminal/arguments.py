"""Arguments that commands of all three command lines share, with the same help texts."""

from __future__ import annotations

from typing import Annotated

import typer

ProjectId = Annotated[str, typer.Argument(help="Id proyek / project id")]
ProjectOrInvite = Annotated[
    str,
    typer.Argument(
        metavar="PROJECT",
        help="Id proyek, atau berkas atau kode undangan"
        " / project id, or the file or code of an invite",
    ),
]
ReleaseId = Annotated[str, typer.Argument(help="Nama rilis / name of the release")]
TransferName = Annotated[str, typer.Argument(help="Nama kiriman / name of the transfer")]
RunName = Annotated[str, typer.Argument(help="Nama pemadanan / name of the run")]
Heard = Annotated[
    str | None,
    typer.Option(
        "--words",
        help="Kata roster yang dibacakan orang lain lewat telepon"
        " / the roster's words that somebody read to you by telephone",
    ),
]
