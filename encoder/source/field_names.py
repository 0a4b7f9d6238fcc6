"""What people call a field of the charter."""

from __future__ import annotations

from policy.base.words import Words
from policy.charter import FieldKind

_KINDS: dict[FieldKind, Words] = {
    "name": Words("nama", "name"),
    "date": Words("tanggal lahir", "date of birth"),
    "sex": Words("jenis kelamin", "sex"),
    "place": Words("kelurahan/desa", "village"),
    "postal": Words("kode pos", "postal code"),
    "nik": Words("NIK", "NIK"),
    "kk": Words("nomor KK", "family card number"),
    "rtrw": Words("RT/RW", "RT/RW"),
    "address": Words("alamat", "address"),
    "digits": Words("angka", "digits"),
    "text": Words("teks", "text"),
}
# Fields by these names in the schemas and templates; any other field of a kind says its own name.
_USUAL: dict[FieldKind, str] = {
    "name": "nama",
    "date": "lahir",
    "sex": "jk",
    "place": "kelurahan",
    "postal": "kodepos",
    "nik": "nik",
    "kk": "kk",
    "rtrw": "rtrw",
    "address": "alamat",
}
_SECOND = {"ibu": Words("nama ibu kandung", "mother's name")}


def field_title(name: str, kind: FieldKind) -> Words:
    """The field in words; with its own name if that is not the usual one of its kind."""
    if name in _SECOND:
        return _SECOND[name]
    title = _KINDS[kind]
    if _USUAL.get(kind) == name:
        return title
    return Words(f"{title.id} ({name})", f"{title.en} ({name})")
