"""Facts of a workbook without reading its cells: its sheets' facts, and its date system.

The reader of xls reports merged cells itself.
"""

from __future__ import annotations

import zipfile
from functools import lru_cache
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, fromstring

from encoder.source.readers.ods_facts import ods_facts
from encoder.source.readers.sheet_facts import SheetFacts, surveyed
from encoder.source.readers.xls_facts import xls_facts

_BOOK = "xl/workbook.xml"
_ERRORS = (zipfile.BadZipFile, KeyError, ValueError, ParseError, OSError, EOFError)


def sheet_facts(path: Path, sheet: str) -> SheetFacts:
    """Facts of this sheet; `looked` is false if the file shows none."""
    at = path.stat()
    return _read(path, sheet, at.st_size, at.st_mtime_ns)


@lru_cache(maxsize=8)
def _read(path: Path, sheet: str, size: int, changed: int) -> SheetFacts:
    if not zipfile.is_zipfile(path):
        return xls_facts(path, sheet)
    try:
        with zipfile.ZipFile(path) as archive:
            if _BOOK not in archive.namelist():
                return ods_facts(archive, sheet)
            facts = surveyed(archive, _part_of(archive, sheet))
            facts.from_1904 = _counts_from_1904(archive)
            return facts
    except _ERRORS:
        return SheetFacts(looked=False)  # its reader reports the error


def _counts_from_1904(archive: zipfile.ZipFile) -> bool:
    return any(
        _local(each.tag) == "workbookPr" and each.get("date1904") in ("1", "true")
        for each in _xml(archive, _BOOK)
    )


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """The XML file of a sheet, by the workbook's list of sheets."""
    links = _xml(archive, "xl/_rels/workbook.xml.rels")
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for each in _xml(archive, _BOOK).iter():
        if _local(each.tag) == "sheet" and each.get("name") == sheet:
            link = next((v for k, v in each.attrib.items() if _local(k) == "id"), None)
            target = targets[link]
            return target[1:] if target.startswith("/") else f"xl/{target}"
    raise KeyError(sheet)


def _xml(archive: zipfile.ZipFile, name: str) -> Element:
    return fromstring(archive.read(name))  # noqa: S314 - expat limits how entities grow


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
