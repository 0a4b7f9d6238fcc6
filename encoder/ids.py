"""Lists of an agency's own row ids, one a line: people who objected (UU 27/2022 art. 40, 41).

An id that is not understood would leave its person in, so nothing is passed over in silence.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from policy.errors import BadInput
from policy.files import read_file
from policy.words import Words


def read_ids(path: Path) -> frozenset[str]:
    """The ids of a text file as editors and spreadsheets write it: with a mark, with quotes."""
    data = read_file(path)
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise BadInput(
            "ids.malformed",
            Words(f"{path}: bukan daftar id dalam teks.", f"{path}: not a list of ids in text."),
            Words(
                "Tulis satu id baris per baris dalam berkas teks UTF-8.",
                "Write one row id a line into a text file, UTF-8.",
            ),
        )
    return frozenset(line.strip().strip('"').strip() for line in text.splitlines()) - {""}


def require_some(path: Path, dataset: str, found: int) -> None:
    """Raises if not one id of the list is in the dataset: then it is another list."""
    if not found:
        raise BadInput(
            "ids.nobody",
            Words(
                f"{path}: tidak satu pun id ada di {dataset}.",
                f"{path}: not one of the ids is in {dataset}.",
            ),
            Words(
                "Tulis id baris sendiri (record_id di pemetaan), satu sebaris.",
                "Give own row ids (record_id in the mapping), one a line.",
            ),
        )
