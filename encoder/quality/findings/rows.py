"""Rows that cannot be read or come twice, and columns that are absent or incomplete."""

from __future__ import annotations

from collections.abc import Iterator

from encoder.quality.counts import FileProfile
from encoder.quality.findings.finding import NOTHING, Finding, graded
from encoder.quality.numbers import Share, sentence
from policy.words import Words


def refused_rows(profile: FileProfile) -> Iterator[Finding]:
    refused = profile.rows_in - profile.rows
    share = Share(refused, profile.rows_in)
    yield Finding(
        "rows-refused",
        graded(share.value, 1e-9, 0.01),
        refused,
        Words("Baris yang tidak dapat dibaca", "Rows that cannot be read"),
        sentence(
            "{n} dari {all} baris ({share}) ditolak dan tidak akan dipadankan.",
            "{n} of {all} rows ({share}) are refused and will not be linked.",
            n=refused,
            all=profile.rows_in,
            share=share,
        ),
        Words(
            "Perbaiki di sumber: jumlah sel, baris kosong, atau id baris.",
            "Mend them at the source: number of cells, blank rows, or record ids.",
        )
        if refused
        else NOTHING,
    )


def refused_later(profile: FileProfile) -> Iterator[Finding]:
    """Rows that can be read, but that `prepare` refuses or changes."""
    if profile.damaged:
        share = Share(profile.damaged, profile.rows_in)
        kept = profile.damaged_are == "drop"
        yield Finding(
            "rows-damaged",
            "look" if kept else "act",
            profile.damaged,
            Words("Baris dengan NIK atau KK rusak", "Rows with a damaged NIK or KK"),
            sentence(
                "{n} baris ({share}) berisi NIK atau KK seperti 3.17E+15 atau berupa bilangan yang"
                " mungkin dibulatkan; "
                + ("'prepare' menyertakannya tanpa itu." if kept else "'prepare' menolaknya."),
                "{n} rows ({share}) hold a NIK or KK like 3.17E+15, or a number that may have been"
                " rounded; "
                + ("'prepare' keeps them without it." if kept else "'prepare' refuses them."),
                n=profile.damaged,
                share=share,
            ),
            Words(
                "Ekspor ulang sebagai teks. Bila tidak dapat: 'damaged_identifiers: drop' di"
                " pemetaan menyertakan orangnya tanpa nomor itu.",
                "Export them as text again. If that cannot be done: 'damaged_identifiers: drop' in"
                " the mapping keeps these people, without that number.",
            ),
        )
    if profile.nobody:
        yield Finding(
            "rows-nobody",
            graded(profile.nobody / profile.rows_in, 1e-9, 0.05),
            profile.nobody,
            Words("Baris tanpa nama dan tanpa NIK", "Rows with neither name nor NIK"),
            sentence(
                "{n} baris, misalnya jumlah atau tanda tangan; 'prepare' menolaknya.",
                "{n} rows, such as totals or signatures; 'prepare' refuses them.",
                n=profile.nobody,
            ),
            Words(
                "Wajar di bawah tabel; bila banyak, periksa header_row dan kolom nama.",
                "Normal below a table; if there are many, check header_row and the name column.",
            ),
        )


def absent_columns(profile: FileProfile) -> Iterator[Finding]:
    """Whole columns that linkage lives on."""
    columns = (
        ("nik", profile.nik, Words("Tidak ada kolom NIK", "There is no NIK column")),
        ("date", profile.date, Words("Tidak ada kolom tanggal lahir", "There is no birth date")),
        ("name", profile.name, Words("Tidak ada kolom nama", "There is no name column")),
    )
    for code, counts, title in columns:
        if counts is None:
            yield Finding(
                f"{code}-absent",
                "act",
                profile.rows,
                title,
                Words("Pemetaan tidak memetakannya.", "The mapping does not map it."),
                Words(
                    "Petakan bila kolomnya ada di berkas; tanpa itu hasil padanan turun.",
                    "Map it if the file has the column; without it recall is lower.",
                ),
            )


def incomplete_fields(profile: FileProfile) -> Iterator[Finding]:
    rows = profile.rows
    for each in profile.fields:
        if each.kind in ("nik", "date") or not each.in_file:
            continue  # the NIK and the birth date have findings of their own
        share = Share(rows - each.usable, rows)
        look, act = (0.001, 0.02) if each.kind == "name" else (0.05, 0.3)
        severity = graded(share.value, look, act)
        if severity == "ok":
            continue
        yield Finding(
            f"field-{each.name}",
            severity,
            rows - each.usable,
            Words(f"Kolom '{each.name}' tidak lengkap", f"Field '{each.name}' is incomplete"),
            sentence(
                "{share} baris tidak memiliki isi yang dapat dipakai ({empty} kosong,"
                " {bad} tidak terbaca).",
                "{share} of the rows have no usable value ({empty} empty, {bad} unreadable).",
                share=share,
                empty=each.empty,
                bad=each.unusable,
            ),
            Words(
                "Periksa pemetaan kolom; lengkapi dari sumber bila ada.",
                "Check the column mapping; complete it from the source if you can.",
            ),
        )


def repeated_people(profile: FileProfile) -> Iterator[Finding]:
    twice = profile.same_person
    extra = twice.rows - twice.keys
    yield Finding(
        "person-repeated",
        graded(extra / max(1, profile.rows), 0.001, 0.03),
        extra,
        Words("Orang yang sama lebih dari sekali", "The same person more than once"),
        sentence(
            "{keys} orang (nama, tanggal lahir, jenis kelamin, dan kelurahan sama) berdiri pada"
            " {n} baris; {other} di antaranya dengan NIK yang berbeda.",
            "{keys} people (equal name, birth date, sex and place) stand on {n} rows; {other} of"
            " them with different NIKs.",
            keys=twice.keys,
            n=twice.rows,
            other=twice.differing,
        ),
        Words(
            "Baris kembar disatukan saat 'prepare' bila semua isinya sama; sisanya periksa.",
            "'prepare' merges rows that are equal in everything; look at the others.",
        )
        if extra
        else NOTHING,
    )
