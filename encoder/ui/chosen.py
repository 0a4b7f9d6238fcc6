"""The file that an officer chose: where it is, its state at that time, and its mapping.

HOME/projects/PROJECT/sources/DATASET.source    which file was chosen
HOME/projects/PROJECT/sources/DATASET*          a file that was dropped on the page
HOME/projects/PROJECT/sources/DATASET.yaml      its mapping

Once the dataset was sent, DATASET.1 and so on. Files that prepared rows were made from stay until
other rows are prepared, since lists are made from them: until then a newer file or mapping is
DATASET.b.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import yaml
from pydantic import Field, ValidationError

from encoder.source.mapping import Mapping, load_mapping
from policy.base.canonical import Model
from policy.base.errors import PadanError
from policy.base.files import shred_file, write_file
from policy.base.words import Words

_UNKNOWN = -1
# How a file is opened belongs to the file; all other keys of a mapping are the officer's choice.
_OPENING = (
    *("format", "encoding", "delimiter", "sheet", "sheets", "header_row", "header_lines"),
    *("layout", "table", "query"),
)


class Chosen(Model):
    """A file in its state when chosen, with the name that the officer sees.

    `mapping` is empty until one was saved. `sheets` are those of a workbook that are read;
    `asks_sheet` until the officer chose them. `checked` is when its quality was last checked
    (Unix seconds), 0 if not yet under this mapping.
    """

    path: str
    name: str = ""
    mapping: str = ""
    size: int = _UNKNOWN
    modified: int = _UNKNOWN
    sheets: tuple[str, ...] = ()
    asks_sheet: bool = False
    checked: int = Field(default=0, exclude_if=lambda at: at == 0)

    @property
    def file(self) -> Path:
        return Path(self.path)

    def changed(self) -> bool:
        """Whether the file was changed or deleted since it was chosen."""
        return self.size != _UNKNOWN and state_of(self.file) != (self.size, self.modified)

    def seen_now(self) -> Chosen:
        size, modified = state_of(self.file)
        return self.model_copy(update={"size": size, "modified": modified})


def state_of(path: Path) -> tuple[int, int]:
    """Size and time of the last change; (0, 0) for a missing file."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


@dataclass(frozen=True)
class SourceFolder:
    """The folder for one generation of one dataset.

    `needed` are the files that prepared rows were made from.
    """

    path: Path
    dataset: str
    generation: int
    needed: frozenset[Path]

    def chosen(self) -> Chosen | None:
        if not self._note.exists():
            return None
        note = self._note.read_text(encoding="utf-8")
        try:
            return Chosen.model_validate_json(note)
        except ValidationError:
            # Earlier versions kept the path alone, and one mapping for each generation.
            mapping = f"{self._stem}.yaml"
            return Chosen(path=note, mapping=mapping if (self.path / mapping).exists() else "")

    def note(self, chosen: Chosen) -> None:
        """Note more about the same choice; the note keeps the time of the choice."""
        before = self._note.stat()
        write_file(self._note, chosen.model_dump_json().encode(), private=True)
        os.utime(self._note, ns=(before.st_atime_ns, before.st_mtime_ns))

    def choose(self, chosen: Chosen) -> None:
        """Note the file, and delete copies that are no longer needed."""
        write_file(self._note, chosen.model_dump_json().encode(), private=True)
        kept = {*self.needed, chosen.file.resolve(), (self.path / chosen.mapping).resolve()}
        ours = re.compile(re.escape(self._stem) + r"(\.b)?\.(?!source$|left-out$)[^.]+")
        for each in self.path.iterdir():
            if ours.fullmatch(each.name) and each.resolve() not in kept:
                shred_file(each)

    def copy(self, name: str, content: BinaryIO) -> Path:
        """A dropped file, for this account alone, until `take` makes it the dataset's."""
        self.path.mkdir(parents=True, exist_ok=True)
        dropped = self.path / f"{self._stem}.dropped{_suffix(name)}"
        copy_privately(content, dropped)
        return dropped

    def take(self, dropped: Path) -> Path:
        return dropped.replace(self._free(dropped.suffix))

    def mapping_of(self, chosen: Chosen | None) -> Mapping | None:
        """The mapping that was saved for this file."""
        if chosen is None or not chosen.mapping:
            return None
        path = self.path / chosen.mapping
        return load_mapping(path) if path.exists() else None

    def chosen_after(self, path: Path) -> bool:
        """Whether file, sheet or mapping were chosen after that file was written."""
        return self._note.exists() and state_of(self._note)[1] > state_of(path)[1]

    def save_mapping(self, mapping: Mapping) -> str:
        """Written as the YAML that the commands read, in its own order; its name.

        Refused like a mapping that the commands would refuse.
        """
        values = mapping.model_dump(exclude_defaults=True, mode="json")
        text = yaml.safe_dump(values, allow_unicode=True, sort_keys=False)
        trial = self.path / f"{self._stem}.trial"
        write_file(trial, text.encode(), private=True)
        try:
            load_mapping(trial)
            return trial.replace(self._free(".yaml")).name
        finally:
            trial.unlink(missing_ok=True)

    @property
    def _note(self) -> Path:
        return self.path / f"{self.dataset}.source"

    @property
    def _stem(self) -> str:
        return f"{self.dataset}.{self.generation}" if self.generation else self.dataset

    def _free(self, suffix: str) -> Path:
        first, second = (self.path / f"{self._stem}{slot}{suffix}" for slot in ("", ".b"))
        return second if first.resolve() in self.needed else first


@contextmanager
def called(path: Path, name: str) -> Iterator[None]:
    """Name a copied file in errors by the name that the officer knows."""
    try:
        yield
    except PadanError as error:
        error.problem, error.hint = (
            Words(words.id.replace(str(path), name), words.en.replace(str(path), name))
            for words in (error.problem, error.hint)
        )
        raise


def carried_over(before: Mapping | None, found: Mapping, columns: tuple[str, ...]) -> Mapping:
    """The officer's choices for an earlier file, if this one has the same columns."""
    if before is None or not set(before.source_columns()) <= set(columns):
        return found
    opening = {key: getattr(found, key) for key in _OPENING}
    return before.model_copy(update=opening)


def copy_privately(content: BinaryIO, path: Path) -> None:
    """Onto this machine's disk, readable by this account alone."""
    path.touch(mode=0o600)
    with path.open("wb") as file:
        shutil.copyfileobj(content, file)


def _suffix(name: str) -> str:
    """The dropped file's own ending, as far as it can stand in a file name of ours."""
    found = re.fullmatch(r"\.[a-z0-9]{1,7}", Path(name).suffix.lower())
    return found.group() if found else ""
