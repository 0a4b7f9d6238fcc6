"""Files without a table, or to be saved in another format first, recognised by content.

One table (`KINDS`): how to recognise a kind, its name, and the next step. A new
kind is a new entry. A suffix is unreliable: an .xls from a web application is often HTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from encoder.error_codes import EncoderCode
from encoder.source.readers.start import FileStart
from policy.base.errors import BadInput
from policy.base.words import Words


@dataclass(frozen=True)
class FileKind:
    """A kind of file without a table, or to be saved in another format first."""

    code: EncoderCode
    name: Words
    step: Words
    is_it: Callable[[FileStart], bool]

    def error(self, path: Path) -> BadInput:
        return BadInput(
            self.code,
            Words(f"{path}: ini {self.name.id}.", f"{path}: this is {self.name.en}."),
            self.step,
        )


def _begins(*marks: bytes) -> Callable[[FileStart], bool]:
    return lambda start: start.head.startswith(marks)


def _text(pattern: str) -> Callable[[FileStart], bool]:
    found = re.compile(pattern, re.DOTALL)
    return lambda start: found.match(start.text) is not None


def _ole(*names: str) -> Callable[[FileStart], bool]:
    return lambda start: start.is_ole() and any(name in start.streams for name in names)


def _zip(*names: str) -> Callable[[FileStart], bool]:
    return lambda start: start.is_zip() and start.holds(*names)


def _is_access(start: FileStart) -> bool:
    return start.head[4:19] in (b"Standard Jet DB", b"Standard ACE DB")


def _is_bitmap(start: FileStart) -> bool:
    return start.head.startswith(b"BM") and start.head[6:10] == b"\0\0\0\0"


def _is_cut_parquet(start: FileStart) -> bool:
    return start.head.startswith(b"PAR1") and not start.tail.endswith(b"PAR1")


_MAIL = re.compile(r"^(?:received|return-path|delivered-to|to|reply-to):", re.MULTILINE)
_HEADERS = re.compile(
    r"(?:mime-version|from|received|return-path|delivered-to|subject|date|message-id|x-[\w-]+"
    r"|content-type|snapshot-content-location): ?\S"
)


def _has_mail_headers(start: FileStart) -> bool:
    return _HEADERS.match(start.text) is not None and (
        "\nmime-version:" in f"\n{start.text}" or "\nmessage-id:" in f"\n{start.text}"
    )


def _is_mail(start: FileStart) -> bool:
    return _has_mail_headers(start) and _MAIL.search(start.text) is not None


def _is_sql(start: FileStart) -> bool:
    if _DUMP.match(start.text):
        return True
    text = re.sub(r"\A(?:\s|--[^\n]*\n|#[^\n]*\n|/\*.*?\*/;?)+", "", start.text, flags=re.DOTALL)
    return _STATEMENT.match(text) is not None


_DUMP = re.compile(r"(?:--|/\*)(?:[^\n]*\n){0,9}?[^\n]*\bdump\b")
_STATEMENT = re.compile(
    r"(?:create (?:table|database|schema|extension|type|sequence|or replace|temporary)|insert into"
    r"|drop (?:table|database|schema)|alter table|lock tables|begin(?: transaction)?;|pragma \w"
    r"|start transaction|set (?:names|sql_mode|time_zone|statement_timeout|ansi_nulls|@|foreign_key"
    r"|character|lock_timeout|client_encoding|autocommit|identity_insert)|copy [\w.]+ \("
    r"|use \[?`?\w+`?\]?\s*;?\s*\n)"
)


def _is_binary(start: FileStart) -> bool:
    """Control characters in the first line, where column names should be; UTF-16 has only NUL."""
    first = start.head.partition(b"\n")[0]
    return sum(byte < 9 or 13 < byte < 32 for byte in first if byte) * 20 > len(first)


_XLSX = Words(
    "Buka di Excel atau LibreOffice dan simpan sebagai xlsx; NIK harus sebagai teks.",
    "Open it in Excel or LibreOffice and save it as xlsx, with the NIK as text.",
)
_EXPORT = Words(
    "Ekspor datanya sebagai CSV atau xlsx dari program asalnya.",
    "Export the data as CSV or xlsx from the program that it comes from.",
)
_ASK = Words(
    "Minta tabel aslinya sebagai CSV atau xlsx.",
    "Ask for the table itself, as CSV or xlsx.",
)
_UNPACK = Words(
    "Ekstrak arsipnya, lalu pakai berkas di dalamnya.",
    "Unpack the archive and use the file in it.",
)
_QUERY = Words(
    "Ekspor tabelnya sebagai CSV, atau baca dari basis data dengan env:NAMA (bagian padan[sql]).",
    "Export the table as CSV, or read it from the database with env:NAME (extra padan[sql]).",
)
_BZIP2 = tuple(b"BZh%d1AY&SY" % level for level in range(1, 10))
_HTML = (
    r"(?:\s|<!--.*?-->|<\?xml[^>]*\?>|<!doctype html[^>]*>)*<(?:html|head|meta|table|style|div|body"
    r"|title|script|center|span|p|br|link|form|h[1-6]|tr|td|font|b|thead|section|main|header)[\s/>]"
)

KINDS: tuple[FileKind, ...] = (
    FileKind(
        EncoderCode.FILE_LOCK,
        Words("berkas kunci Excel, bukan buku kerjanya", "a lock file of Excel, not the workbook"),
        Words(
            "Tutup Excel, lalu pakai berkas yang namanya tanpa ~$.",
            "Close Excel, then use the file whose name has no ~$.",
        ),
        lambda start: start.path.name.startswith(("~$", ".~lock.")),
    ),
    FileKind(
        EncoderCode.FILE_EMPTY,
        Words("berkas kosong", "an empty file"),
        Words("Periksa apakah ekspornya berhasil.", "Check that the export succeeded."),
        lambda start: not start.head.strip(b"\xef\xbb\xbf \t\r\n\0"),
    ),
    FileKind(
        EncoderCode.FILE_ENCRYPTED,
        Words("buku kerja terkunci dengan sandi", "a workbook with a password"),
        Words("Simpan salinan yang tidak terkunci.", "Save a copy without a password."),
        _ole("EncryptedPackage"),
    ),
    FileKind(
        EncoderCode.FILE_XLSB,
        Words("buku kerja biner (xlsb)", "a binary workbook (xlsb)"),
        _XLSX,
        _zip("xl/workbook.bin"),
    ),
    FileKind(
        EncoderCode.FILE_NUMBERS,
        Words("dokumen Apple Numbers", "a document of Apple Numbers"),
        Words("Ekspor dari Numbers sebagai xlsx.", "Export it from Numbers as xlsx."),
        lambda start: start.is_zip() and start.holds("Index/", "index.apxl", "Index.zip"),
    ),
    FileKind(
        EncoderCode.FILE_DOCUMENT,
        Words("dokumen Word, bukan tabel", "a Word document, not a table"),
        _ASK,
        lambda start: _zip("word/")(start) or _ole("WordDocument")(start),
    ),
    FileKind(
        EncoderCode.FILE_DOCUMENT,
        Words("presentasi, bukan tabel", "a presentation, not a table"),
        _ASK,
        lambda start: _zip("ppt/")(start) or _ole("PowerPoint Document")(start),
    ),
    FileKind(
        EncoderCode.FILE_DOCUMENT,
        Words("dokumen OpenDocument, bukan lembar kerja", "an OpenDocument file, no spreadsheet"),
        _ASK,
        lambda start: b"application/vnd.oasis.opendocument" in start.head and not start.is_ods(),
    ),
    FileKind(
        EncoderCode.FILE_DOCUMENT,
        Words("PDF, bukan tabel", "a PDF, not a table"),
        _ASK,
        _begins(b"%PDF"),
    ),
    FileKind(
        EncoderCode.FILE_DOCUMENT,
        Words("dokumen RTF, bukan tabel", "an RTF document, not a table"),
        _ASK,
        _begins(b"{\\rtf"),
    ),
    FileKind(
        EncoderCode.FILE_EMAIL,
        Words("surat elektronik", "an e-mail"),
        Words(
            "Simpan lampirannya, lalu pakai lampiran itu.",
            "Save its attachment and use that.",
        ),
        lambda start: _is_mail(start) or _ole("__properties_version1.0")(start),
    ),
    FileKind(
        EncoderCode.FILE_MHTML,
        Words("halaman web satu berkas (MHTML)", "a web page in one file (MHTML)"),
        _XLSX,
        _has_mail_headers,
    ),
    FileKind(
        EncoderCode.FILE_SPREADSHEETML,
        Words("lembar kerja XML Excel 2003 (SpreadsheetML)", "an Excel 2003 XML spreadsheet"),
        _XLSX,
        lambda start: (
            start.text.startswith("<")
            and (
                "urn:schemas-microsoft-com:office:spreadsheet" in start.text
                or 'progid="excel.sheet"' in start.text
            )
            and "<html" not in start.text
        ),
    ),
    FileKind(
        EncoderCode.FILE_HTML,
        Words(
            "halaman web, bukan tabel, apa pun akhiran namanya",
            "a web page and not a table, whatever its name ends in",
        ),
        _XLSX,
        _text(_HTML),
    ),
    FileKind(
        EncoderCode.FILE_XML,
        Words("berkas XML", "an XML file"),
        _EXPORT,
        _text(r"<\?xml\b|<!doctype\b|<!--|(?!<stata_dta)<[a-z_][\w.:-]*(?:\s[^<>]*)?/?>.*</"),
    ),
    FileKind(
        EncoderCode.FILE_JSON,
        Words("peta GeoJSON", "a GeoJSON map"),
        _EXPORT,
        _text(r'\{[^{]*"type"\s*:\s*"(?:featurecollection|feature)"'),
    ),
    FileKind(
        EncoderCode.FILE_JSON,
        Words("berkas JSON, satu objek per baris", "a JSON file, one object a line (NDJSON)"),
        _EXPORT,
        _text(r'\{\s*"[^\n]*\}\s*\n\s*\{'),
    ),
    FileKind(
        EncoderCode.FILE_JSON,
        Words("berkas JSON", "a JSON file"),
        _EXPORT,
        _text(r'\{\s*(?:"[^"]*"\s*:|\})|\[\s*(?:\{|\[|\]|"[^"]*"\s*[,\]]|-?\d)'),
    ),
    FileKind(
        EncoderCode.FILE_DUMP, Words("cadangan basis data (SQL)", "an SQL dump"), _QUERY, _is_sql
    ),
    FileKind(
        EncoderCode.FILE_DUMP,
        Words("cadangan basis data PostgreSQL", "a PostgreSQL dump"),
        _QUERY,
        _begins(b"PGDMP"),
    ),
    FileKind(
        EncoderCode.FILE_ACCESS,
        Words("basis data Access (mdb, accdb)", "an Access database (mdb, accdb)"),
        Words(
            "Buka di Access dan ekspor tabelnya sebagai xlsx atau CSV.",
            "Open it in Access and export the table as xlsx or CSV.",
        ),
        _is_access,
    ),
    FileKind(
        EncoderCode.FILE_SQLITE,
        Words("basis data SQLite", "an SQLite database"),
        Words(
            "Baca dengan env:NAMA berisi sqlite:///BERKAS (bagian padan[sql]), atau ekspor CSV.",
            "Read it with env:NAME that holds sqlite:///FILE (extra padan[sql]), or export CSV.",
        ),
        _begins(b"SQLite format 3\0"),
    ),
    FileKind(
        EncoderCode.FILE_PARQUET,
        Words("berkas Parquet tanpa akhirnya", "a Parquet file without its end"),
        Words("Salin atau ekspor ulang berkas itu.", "Copy or export the file again."),
        _is_cut_parquet,
    ),
    FileKind(
        EncoderCode.FILE_COLUMNAR,
        Words("berkas Arrow, ORC, atau Avro", "an Arrow, ORC or Avro file"),
        Words("Simpan sebagai Parquet atau CSV.", "Save it as Parquet or CSV."),
        lambda start: (
            start.head.startswith((b"ARROW1\0", b"FEA1", b"Obj\x01"))
            or start.tail.endswith((b"PARE", b"\x03ORC", b"\x04ORC"))
        ),
    ),
    FileKind(
        EncoderCode.FILE_STATISTICS,
        Words("berkas SAS atau SPSS portabel", "a file of SAS, or a portable one of SPSS"),
        Words(
            "Simpan sebagai sav, dta, atau CSV dari program asalnya.",
            "Save it as sav, dta or CSV in the program that it comes from.",
        ),
        lambda start: (
            start.head[12:32].startswith(b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92")
            or b"SPSS PORT FILE" in start.head[:512]
        ),
    ),
    FileKind(
        EncoderCode.FILE_SHAPE,
        Words("peta shapefile", "a shapefile map"),
        Words(
            "Tabelnya ada di berkas .dbf dengan nama yang sama.",
            "Its table is in the .dbf file of the same name.",
        ),
        _begins(b"\0\0\x27\x0a"),
    ),
    FileKind(
        EncoderCode.FILE_ARCHIVE,
        Words("arsip zip, bukan buku kerja", "a zip archive, not a workbook"),
        _UNPACK,
        lambda start: start.is_zip() and not start.is_workbook(),
    ),
    FileKind(
        EncoderCode.FILE_ARCHIVE,
        Words("arsip terkompresi (gz, bz2, xz, zst)", "a compressed file (gz, bz2, xz, zst)"),
        _UNPACK,
        _begins(b"\x1f\x8b", *_BZIP2, b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"\x1f\x9d"),
    ),
    FileKind(
        EncoderCode.FILE_ARCHIVE,
        Words("arsip (rar, 7z, tar)", "an archive (rar, 7z, tar)"),
        _UNPACK,
        lambda start: (
            start.head.startswith((b"Rar!", b"7z\xbc\xaf", b"PK\x05\x06", b"PK\x07\x08"))
            or start.head[257:262] == b"ustar"
        ),
    ),
    FileKind(
        EncoderCode.FILE_IMAGE,
        Words("gambar, bukan tabel", "a picture, not a table"),
        _ASK,
        lambda start: (
            start.head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*"))
            or start.head[4:12] in (b"ftypheic", b"ftypmif1")
            or start.head[8:12] == b"WEBP"
            or _is_bitmap(start)
        ),
    ),
    FileKind(
        EncoderCode.FILE_OLD_EXCEL,
        Words("lembar kerja Excel 4 atau lebih lama", "a sheet of Excel 4 or older"),
        _XLSX,
        _begins(b"\x09\0\x04\0", b"\x09\x02\x06\0", b"\x09\x04\x06\0", b"\x09\x08\x08\0\0\x05"),
    ),
    FileKind(
        EncoderCode.FILE_FORMAT,
        Words(
            "berkas Office tanpa lembar kerja",
            "a file of an Office program without a workbook",
        ),
        _XLSX,
        lambda start: start.is_ole() and not start.is_workbook(),
    ),
)

# After the readable formats: anything else that is not text.
UNKNOWN = FileKind(
    EncoderCode.FILE_FORMAT,
    Words(
        "bukan CSV, Excel, ods, dbf, sav, dta, atau Parquet",
        "neither CSV, Excel, ods, dbf, sav, dta nor Parquet",
    ),
    _EXPORT,
    _is_binary,
)


def recognise(start: FileStart) -> FileKind | None:
    """The kind of an unreadable file; None for a file that can be read."""
    return next((kind for kind in KINDS if kind.is_it(start)), None)
