"""Which column of a file is which field of the charter: YAML that an officer edits.

record_id: id_art            # the agency's own row id; never leaves
fields:
  nama: NAMA_LENGKAP
  lahir: {day: tgl, month: bln, year: thn}    # a date in three columns
  kelurahan: null            # this source has none
encoding: utf-8              # or latin-1
delimiter: ","               # found by itself if left out
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml
from pydantic import Field, ValidationError

from policy.canonical import Identifier, Model
from policy.errors import BadInput
from policy.files import read_file
from policy.words import Words


class DateColumns(Model):
    """A date that a source keeps in three columns."""

    day: str
    month: str
    year: str


class Mapping(Model):
    record_id: str
    fields: dict[Identifier, str | DateColumns | None]
    encoding: str = "utf-8"
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)

    def source_columns(self) -> tuple[str, ...]:
        """All columns of the file that this mapping reads, the record id first."""
        return tuple(dict.fromkeys((self.record_id, *self.field_columns())))

    def field_columns(self) -> tuple[str, ...]:
        """The columns of the fields; one that is mapped twice stands twice."""
        columns: list[str] = []
        for source in self.fields.values():
            if isinstance(source, DateColumns):
                columns += [source.day, source.month, source.year]
            elif source is not None:
                columns.append(source)
        return tuple(columns)


def load_mapping(path: Path) -> Mapping:
    """Read a mapping; raises BadInput that names file and part."""
    try:
        mapping = Mapping.model_validate(_once_each(read_file(path).decode("utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError):
        raise _bad(path, "YAML") from None
    except ValidationError as error:
        where = ".".join(str(p) for p in error.errors(include_input=False)[0]["loc"])
        raise _bad(path, where or "YAML") from None
    used = mapping.field_columns()
    if len(set(used)) != len(used):
        raise BadInput(
            "mapping.twice",
            Words(
                f"{path}: satu kolom dipetakan dua kali.",
                f"{path}: one column is mapped twice.",
            ),
            Words("Petakan setiap kolom satu kali.", "Map every column once."),
        )
    return mapping


def _once_each(text: str) -> object:
    """YAML, but a key that stands twice is an error: PyYAML would keep the last unasked."""
    for node in _mappings(yaml.compose(text, Loader=yaml.SafeLoader)):
        keys = [key.value for key, _ in node.value]
        if len(set(keys)) != len(keys):
            raise yaml.YAMLError
    return yaml.safe_load(text)


def _mappings(node: yaml.Node | None) -> Iterator[yaml.MappingNode]:
    if isinstance(node, yaml.MappingNode):
        yield node
        for _, value in node.value:
            yield from _mappings(value)


def _bad(path: Path, where: str) -> BadInput:
    return BadInput(
        "mapping.malformed",
        Words(f"{path}: bagian '{where}' tidak sah.", f"{path}: '{where}' is not valid."),
        Words(
            "Isi record_id dan fields; lihat docs/how-to/link-your-own-files.md.",
            "Give record_id and fields; see docs/how-to/link-your-own-files.md.",
        ),
    )
