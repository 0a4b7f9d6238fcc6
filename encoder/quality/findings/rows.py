"""Rows that are unreadable or repeated, and columns that are absent or incomplete."""

from __future__ import annotations

from collections.abc import Iterator

from encoder.normalise.cell_rules import REFUSALS
from encoder.quality.counts import FileProfile
from encoder.quality.findings.finding import NOTHING, QualityFinding, graded
from encoder.source.readers import NO_LINKAGE_FIELD, NOBODY, UNKNOWN_PERSON
from policy.base.words import Words
from policy.charts.numbers import Proportion, sentence


def refused_rows(profile: FileProfile) -> Iterator[QualityFinding]:
    refused = profile.rows_in - profile.rows
    share = Proportion(refused, profile.rows_in)
    yield QualityFinding(
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
            "Correct them at the source: number of cells, blank rows, or record ids.",
        )
        if refused
        else NOTHING,
    )


def refused_later(profile: FileProfile) -> Iterator[QualityFinding]:
    """Readable rows that `prepare` refuses or changes."""
    yield from _damaged(profile)
    nobody = profile.later.get(NOBODY, 0) + profile.later.get(NO_LINKAGE_FIELD, 0)
    if nobody:
        yield QualityFinding(
            "rows-nobody",
            graded(nobody / profile.rows_in, 1e-9, 0.05),
            nobody,
            Words("Baris tanpa nama dan tanpa NIK", "Rows with neither name nor NIK"),
            sentence(
                "{n} baris, misalnya jumlah atau tanda tangan; 'prepare' menolaknya.",
                "{n} rows, such as totals or signatures; 'prepare' refuses them.",
                n=nobody,
            ),
            Words(
                "Wajar di bawah tabel; bila banyak, periksa header_row dan kolom nama.",
                "Normal below a table; if there are many, check header_row and the name column.",
            ),
        )
    unknown = profile.later.get(UNKNOWN_PERSON, 0)
    if unknown:
        yield QualityFinding(
            "rows-unknown-person",
            graded(unknown / profile.rows_in, 1e-9, 0.05),
            unknown,
            Words("Orang yang tidak dikenal", "Unknown persons"),
            sentence(
                "{n} baris bernama MR X, TIDAK DIKENAL, dan sejenisnya, tanpa NIK; 'prepare'"
                " menolaknya, karena tidak dapat dipadankan dengan siapa pun.",
                "{n} rows have a name such as MR X or TIDAK DIKENAL, and no NIK; 'prepare' refuses"
                " them, since they cannot be linked to anybody.",
                n=unknown,
            ),
            Words(
                "Lengkapi namanya atau NIK-nya di sumber bila diketahui.",
                "Add the name or the NIK at the source if it is known.",
            ),
        )


def _damaged(profile: FileProfile) -> Iterator[QualityFinding]:
    refused = sum(rows for rule, rows in profile.later.items() if rule in REFUSALS)
    kept = sum(profile.noted.values())
    if not refused and not kept:
        return
    share = Proportion(refused or kept, profile.rows_in)
    yield QualityFinding(
        "rows-damaged",
        "act" if refused else "look",
        refused or kept,
        Words("Baris dengan NIK atau KK rusak", "Rows with a damaged NIK or KK"),
        sentence(
            "{n} baris ({share}) berisi NIK atau KK yang rusak: 3.17E+15, bilangan yang mungkin"
            " dibulatkan, atau bukan 16 angka; "
            + ("'prepare' menolaknya." if refused else "'prepare' menyertakannya tanpa itu."),
            "{n} rows ({share}) hold a damaged NIK or KK: 3.17E+15, a number that may have been"
            " rounded, or not 16 digits; "
            + ("'prepare' refuses them." if refused else "'prepare' keeps them without it."),
            n=refused or kept,
            share=share,
        ),
        Words(
            "Ekspor ulang sebagai teks. Bila tidak dapat: 'damaged_identifiers: drop' di"
            " pemetaan menyertakan orangnya tanpa nomor itu.",
            "Export them as text again. If that cannot be done: 'damaged_identifiers: drop' in"
            " the mapping keeps these people, without that number.",
        ),
    )


def noted(profile: FileProfile) -> Iterator[QualityFinding]:
    """Notes on the file as a whole: hidden rows, merged cells, formulas without a result."""
    for note in profile.notes:
        yield QualityFinding(
            f"file-{note.code}",
            "look",
            note.count,
            Words("Yang terlihat di berkasnya", "What the file itself shows"),
            note.words,
            Words(
                "Periksa di berkas sumbernya bahwa memang begitu maksudnya.",
                "Check in the source file that it is meant so.",
            ),
        )


def repeated_record_ids(profile: FileProfile) -> Iterator[QualityFinding]:
    repeated = profile.repeated_ids
    if repeated:
        yield QualityFinding(
            "record-id-repeated",
            "act",
            repeated.rows,
            Words("Satu id baris pada beberapa orang", "One record id on several people"),
            repeated.words(profile.lines),
            Words(
                "Perbaiki id di sumber, atau petakan beberapa kolom bersama sebagai id:"
                " record_id: {columns: [A, B]}. 'prepare' menolak berkas seperti ini.",
                "Correct the ids at the source, or map several columns together as the id:"
                " record_id: {columns: [A, B]}. 'prepare' refuses such a file.",
            ),
        )


def absent_columns(profile: FileProfile) -> Iterator[QualityFinding]:
    """Missing columns that linkage depends on."""
    columns = (
        ("nik", profile.nik, Words("Tidak ada kolom NIK", "There is no NIK column")),
        ("date", profile.date, Words("Tidak ada kolom tanggal lahir", "There is no birth date")),
        ("name", profile.name, Words("Tidak ada kolom nama", "There is no name column")),
    )
    for code, counts, title in columns:
        if counts is None:
            yield QualityFinding(
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


def incomplete_fields(profile: FileProfile) -> Iterator[QualityFinding]:
    rows = profile.rows
    for each in profile.fields:
        if each.kind in ("nik", "date") or not each.in_file:
            continue  # the NIK and the birth date have separate findings
        share = Proportion(rows - each.usable, rows)
        look, act = (0.001, 0.02) if each.kind == "name" else (0.05, 0.3)
        severity = graded(share.value, look, act)
        if severity == "ok":
            continue
        yield QualityFinding(
            f"field-{each.name}",
            severity,
            rows - each.usable,
            Words(
                f"Kolom '{each.title.id}' tidak lengkap", f"Field '{each.title.en}' is incomplete"
            ),
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


def repeated_people(profile: FileProfile) -> Iterator[QualityFinding]:
    twice = profile.same_person
    extra = twice.rows - twice.keys
    yield QualityFinding(
        "person-repeated",
        graded(extra / max(1, profile.rows), 0.001, 0.03),
        extra,
        Words("Orang yang sama lebih dari sekali", "The same person more than once"),
        sentence(
            "{keys} orang (nama, tanggal lahir, jenis kelamin, dan kelurahan sama) ada di"
            " {n} baris; {other} di antaranya dengan NIK yang berbeda.",
            "{keys} people (equal name, birth date, sex and place) are on {n} rows; {other} of"
            " them with different NIKs.",
            keys=twice.keys,
            n=twice.rows,
            other=twice.differing,
        ),
        Words(
            "Baris ganda disatukan saat 'prepare' bila semua isinya sama; sisanya periksa.",
            "'prepare' merges rows that are equal in everything; look at the others.",
        )
        if extra
        else NOTHING,
    )
