"""What only a person can answer, given as options or asked at the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import typer

from encoder.error_codes import EncoderCode
from policy.base.canonical import is_identifier
from policy.base.errors import BadInput, NotYet
from policy.base.words import Words

_ONLY = ""  # the dataset of an agency that has one


class Unanswered(NotYet):
    """A person at this machine must answer first; waiting for others does not help."""

    for_this_person = True


@dataclass(frozen=True)
class Answers:
    """Answers given beforehand. `somebody` tells whether a person can be asked."""

    files: Mapping[str, Path]
    mappings: Mapping[str, Path]
    order: bool = False
    request: bool = False
    domains: tuple[str, ...] = ()
    charter: Path | None = None
    yes: bool = False
    somebody: bool = False

    def file(self, dataset: str) -> Path | None:
        return self.files.get(dataset) or self.files.get(_ONLY)

    def mapping(self, dataset: str) -> Path | None:
        return self.mappings.get(dataset) or self.mappings.get(_ONLY)

    def require_known(self, own: tuple[str, ...]) -> None:
        """Raises BadInput if an option names a dataset that is not this agency's."""
        named = {*self.files, *self.mappings}
        unknown = sorted(named - {*own, _ONLY})
        if unknown or (_ONLY in named and len(own) > 1):
            datasets = ", ".join(own)
            raise BadInput(
                EncoderCode.GO_OPTION,
                Words(
                    f"--file dan --mapping menyebut sumber data sendiri: {datasets}.",
                    f"--file and --mapping name a dataset of your own: {datasets}.",
                ),
                Words(
                    f"Tulis --file {own[0] if own else 'SUMBER'}=BERKAS.",
                    f"Write --file {own[0] if own else 'DATASET'}=FILE.",
                ),
            )

    def agrees(self, question: Words) -> bool:
        """Ask yes or no; no if nobody is there."""
        return self.somebody and typer.confirm(str(question), err=True)

    def text(self, question: Words, default: str | None = None) -> str:
        """Ask for a text."""
        return str(typer.prompt(str(question), default=default, err=True)).strip()


def paths_by_dataset(option: str, given: Iterable[str]) -> dict[str, Path]:
    """DATASET=PATH options as paths by dataset; raises BadInput if a dataset is given twice."""
    paths: dict[str, Path] = {}
    for each in given:
        dataset, equals, path = each.partition("=")
        name, where = (dataset, path) if equals and is_identifier(dataset) else (_ONLY, each)
        if name in paths:
            raise BadInput(
                EncoderCode.GO_OPTION,
                Words(f"{option} disebut dua kali.", f"{option} is given twice for one dataset."),
                Words("Sebut setiap sumber data satu kali.", "Name each dataset once."),
            )
        paths[name] = Path(where)
    return paths
