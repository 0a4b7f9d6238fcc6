"""The names of a profile's codes for people."""

from __future__ import annotations

from encoder.source.readers import explain
from policy.base.words import Words

_LABELS: dict[str, Words] = {
    # Rows
    "ragged-row": Words("jumlah sel tidak cocok", "wrong number of cells"),
    "blank-row": Words("baris kosong", "blank row"),
    "no-record-id": Words("tanpa id baris", "no record id"),
    # NIK
    "NIK_OK": Words("Baik", "Good"),
    "NIK_EMPTY": Words("Kosong", "Empty"),
    "NIK_FORMAT": Words("Bukan 16 angka", "Not 16 digits"),
    "NIK_SCI": Words("Rusak oleh Excel", "Damaged by Excel"),
    "NIK_FILLER": Words("Angka pengisi", "Filler number"),
    "NIK_TEMP": Words("NIK sementara desa", "Temporary village number"),
    "NIK_DATE": Words("Tanggal mustahil di dalamnya", "Impossible date inside"),
    "NIK_REGION": Words("Kabupaten/kota tidak dikenal", "No such kabupaten or kota"),
    "NIK_SERIAL0": Words("Nomor urut 0000", "Serial 0000"),
    # Dates
    "DATE_PLACEHOLDER": Words("Tanggal pengganti", "Placeholder date"),
    "DATE_AGE": Words("Umur saja", "Age only"),
    "DATE_UNREADABLE": Words("Tidak terbaca", "Unreadable"),
    "DATE_RANGE": Words("Tahun atau tanggal mustahil", "Impossible year or day"),
    "DATE_SWAPPED": Words("Bulan di depan hari", "Month before day"),
    "three-columns": Words("Tiga kolom (tgl, bln, thn)", "Three columns (d, m, y)"),
    "two-digit-year": Words("Tahun dua angka", "Two-digit year"),
    "month-name": Words("Nama bulan", "Month in words"),
    "place-and-date": Words("Tempat dan tanggal", "Place and date"),
    "date-and-time": Words("Tanggal dengan jam", "Date with time"),
    "eight-digits": Words("Delapan angka", "Eight digits"),
    "excel-serial": Words("Nomor seri Excel", "Excel serial number"),
    "year-only": Words("Tahun saja", "Year only"),
    "other": Words("Lainnya", "Other"),
    "07-01": Words("1 Juli", "1 July"),
    "12-31": Words("31 Desember", "31 December"),
    "01-01": Words("1 Januari", "1 January"),
    "unknown-part": Words("Hari atau bulan tidak diketahui", "Day or month unknown"),
    # Names
    "title": Words("Gelar depan (H., Hj., Drs., ...)", "Title (H., Hj., Drs., ...)"),
    "degree": Words("Gelar belakang (S.Pd., S.E., ...)", "Degree (S.Pd., S.E., ...)"),
    "alias": Words("Alias atau tanda kurung", "Alias or parentheses"),
    "father": Words("Bin, binti", "Bin, binti"),
    "initial": Words("Inisial satu huruf", "One-letter initial"),
    "muhammad": Words("Muhammad disingkat atau varian", "Muhammad short or variant"),
    "digit": Words("Angka di dalam nama", "Digit in the name"),
    "odd-mark": Words("Tanda baca lain", "Other marks"),
    # Sex
    "M": Words("Laki-laki", "Male"),
    "F": Words("Perempuan", "Female"),
    "words": Words("Kata (laki-laki, perempuan)", "Words (laki-laki, perempuan)"),
    "unreadable": Words("Tidak terbaca", "Unreadable"),
    "SEX_UNREADABLE": Words("Tidak terbaca", "Unreadable"),
    # Strata
    "usable": Words("dapat dipakai", "usable"),
    "doubtful": Words("diragukan", "doubtful"),
    "none": Words("tidak ada", "none"),
    "full": Words("lengkap", "complete"),
    "year": Words("tahun saja", "year only"),
    "one": Words("satu kata", "one word"),
    "several": Words("dua kata atau lebih", "two words or more"),
}


def label(code: str) -> Words:
    """The words for a code; a code without words is shown unchanged."""
    return _LABELS.get(code) or explain(code)
