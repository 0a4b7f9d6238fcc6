"""`padan-policy init`: everything with which a province or kabupaten/kota starts a project."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.output import Folder
from policy.base.words import Words
from policy.terminal import console
from policy.terminal.commands import folder_option

if TYPE_CHECKING:
    from policy.regions import BookRegion

_HERE = Folder(Path())
_RECORD = "padan-init.json"
_DEEPEST = 4


def register(app: typer.Typer) -> None:
    app.command()(init)


def init(
    region: Annotated[
        str,
        typer.Option(
            help="Kode Kemendagri provinsi atau kabupaten/kota"
            " / Kemendagri code of a province or a kabupaten/kota"
        ),
    ],
    out: Annotated[
        Folder,
        folder_option(
            help="Folder proyek; tanpa ini wilayah-KODE / project folder, or wilayah-KODE"
        ),
    ] = _HERE,
    lists: Annotated[
        list[str] | None,
        typer.Option(
            "--list",
            help="Daftar, dapat diulang: dtsen, regsosek; program, dtks, ppks"
            " / list, repeatable: dtsen, regsosek; program, dtks, ppks",
        ),
    ] = None,
    start: Annotated[
        str | None, typer.Option(help="Hari mulai, 2026-12-01 / first day, 2026-12-01")
    ] = None,
) -> None:
    """Tulis piagam, roster, pemetaan, buku kode, jadwal, dan latihan sebuah wilayah
    / write a region's charter, roster plan, mappings, code book, schedule and practice.
    """
    from policy.starter import CHARTER, Start, choose_lists, record, starter_files, to_fill_in
    from policy.starter.encoder_terms import encodings, rules_digest
    from policy.starter.known_lists import USUAL

    home = _province_or_regency(region)
    folder = out
    if out.path == _HERE.path:
        folder = Folder(Path(f"wilayah-{home.code}"), out.gate)
    known = _recorded(folder, home)
    day = _day(start or known.get("start"))
    chosen = choose_lists(tuple(lists or known.get("lists") or USUAL))
    began = Start(home, chosen, day, rules_digest(), b"")
    began = Start(home, chosen, day, began.rules, encodings(began.rows_max))
    files = {_RECORD: record(began), **starter_files(began)}
    done: dict[str, list[str]] = {"written": [], "unchanged": [], "kept": []}
    for name, data in files.items():
        done[_put(folder, name, data)].append(name)
    gaps = to_fill_in((folder.path / CHARTER).read_bytes())
    console.result(
        {
            "folder": str(folder),
            "region": home.code,
            "name": home.name,
            **done,
            "fill_in": [{"file": CHARTER, "line": line, "what": what} for line, what in gaps],
        },
        _told(folder, home.name, done, len(gaps)),
    )


def _province_or_regency(code: str) -> BookRegion:
    from policy.regions import find

    found = find(code)
    if len(found.code) > _DEEPEST:
        raise BadInput(
            PolicyCode.REGION_LEVEL,
            Words(
                "Sebuah proyek dimulai oleh provinsi atau kabupaten/kota.",
                "A project is started by a province or a kabupaten/kota.",
            ),
            Words(
                f"Pakai kode kabupaten/kotanya: --region {found.code[:_DEEPEST]}",
                f"Use the code of its kabupaten/kota: --region {found.code[:_DEEPEST]}",
            ),
        )
    return found


def _recorded(folder: Folder, home: BookRegion) -> dict[str, Any]:
    """What an earlier run chose in this folder; refuses another region's folder."""
    path = folder.path / _RECORD
    if not path.is_file():
        return {}
    try:
        known = json.loads(path.read_bytes())
        theirs = known["region"]
    except (ValueError, TypeError, KeyError):
        return {}
    if theirs != home.code:
        raise BadInput(
            PolicyCode.OPTION_OUT,
            Words(
                f"{folder} adalah folder wilayah lain.",
                f"{folder} is the folder of another region.",
            ),
            Words("Pilih --out lain.", "Choose another --out."),
        )
    return dict(known)


def _day(text: object) -> date:
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise BadInput(
            PolicyCode.OPTION_DAY,
            Words("Hari mulai bukan tanggal.", "The first day is no date."),
            Words("Tulis tahun-bulan-hari: 2026-12-01.", "Write year-month-day: 2026-12-01."),
        ) from None


def _put(folder: Folder, name: str, data: bytes) -> str:
    """Write one file, unless somebody changed it and there is no --force."""
    path = folder.path / name
    force = folder.gate is not None and folder.gate.force
    if path.is_file() and not path.is_symlink():
        if path.read_bytes() == data:
            return "unchanged"
        if not force:
            return "kept"
    folder.file(name).write(data)
    return "written"


def _told(folder: Folder, name: str, done: dict[str, list[str]], gaps: int) -> Words:
    lint = console.command_line("padan-policy", "charter", "lint", folder.path / "charter.yaml")
    lines = [
        Words(
            f"{folder}: {name}; {len(done['written'])} berkas ditulis,"
            f" {len(done['unchanged'])} tetap sama.",
            f"{folder}: {name}; {len(done['written'])} files written,"
            f" {len(done['unchanged'])} unchanged.",
        )
    ]
    if done["kept"]:
        kept = ", ".join(done["kept"])
        lines.append(
            Words(
                f"Sudah diubah dan dibiarkan (--force menggantinya): {kept}",
                f"Changed by somebody and kept (--force replaces them): {kept}",
            )
        )
    lines.append(
        Words(
            f"{gaps} baris piagam bertanda ISI hanya dapat diisi orang. Lalu: {lint}",
            f"{gaps} lines of the charter marked FILL IN are for people. Then: {lint}",
        )
    )
    return Words("\n".join(w.id for w in lines), "\n".join(w.en for w in lines))
