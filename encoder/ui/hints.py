"""The officer's page in its own words: its steps and choices in place of commands and options."""

from __future__ import annotations

from dataclasses import replace

from encoder.quality.findings import QualityFinding
from encoder.ui.steps import STEPS
from policy.base.words import Words
from policy.terminal.local_page.words import PageWords
from policy.ui.words import JOINING_HINTS

# The step of the page for each command.
_STEP_OF = {
    **dict.fromkeys(("inspect",), "columns"),
    **dict.fromkeys(("check",), "quality"),
    **dict.fromkeys(("prepare", "delta", "refused"), "prepare"),
    **dict.fromkeys(("commit", "reveal", "confirm"), "keys"),
    **dict.fromkeys(("encode",), "encode"),
    **dict.fromkeys(("upload",), "upload"),
    **dict.fromkeys(("status",), "status"),
    **dict.fromkeys(("open", "list", "coverage"), "results"),
    **dict.fromkeys(("programme apply",), "programme"),
    **dict.fromkeys(("changes",), "changes"),
}
_OTHER_FILE = Words(
    "Pilih berkas lain pada langkah 2, atau perbaiki kolomnya pada langkah 3.",
    "Choose another file in step 2, or correct its columns in step 3.",
)
# Errors that only a longer mapping would solve, and the page's own answer to them.
_ORDER = Words(
    "Pilih urutan hari dan bulan di bawah kolom tanggal lahir pada langkah 3.",
    "Choose the order of day and month below the date of birth in step 3.",
)
_CODES = Words(
    "Isi kode laki-laki dan perempuan di bawah jenis kelamin pada langkah 3.",
    "Fill in the codes of men and women below the sex in step 3.",
)
_SHEETS = Words(
    "Lembar yang dibaca dipilih pada langkah 2.", "The sheets that are read are chosen in step 2."
)
_MOVED = Words(
    "Kembalikan berkasnya seperti saat disiapkan; atau pada langkah 10 buka 'Berkas sumbernya"
    " dipindah atau berubah', isi alamatnya sekarang, atau minta yang berubah ditandai.",
    "Restore the file as it was when its rows were prepared. Or in step 10 open 'The source file"
    " was moved or has changed', fill in its path, or have what changed marked.",
)
_REPEATED = Words(
    "Perbaiki id di sumber; atau pada langkah 3 pilih kolom id lain, atau kolom kedua yang bersama"
    " yang pertama menjadi id. Bila barisnya tetap harus ikut, tandai 'id yang berulang' di sana.",
    "Correct the ids at the source; or in step 3 choose another column of ids, or a second column"
    " that is an id together with the first. If the rows must stay, mark 'ids that repeat' there.",
)
_LITTLE = Words(
    "Lihat langkah 4 (Mutu) untuk sebabnya. Bila memang begitu, lanjutkan dengan tombol di bawah.",
    "See step 4 (Quality) for the reasons. If this is right, go on with the button below.",
)
_RETURNED = Words(
    "Pulihkan atau hapus baris yang disebut (lembar!baris bila lembarnya beberapa), lalu ambil"
    " lagi. Tidak ada jawaban yang disimpan.",
    "Restore or delete the rows that are named (sheet!row if there are several sheets), then take"
    " the form again. No answer was stored.",
)
_HINTS = {
    "project.wait-probe": Words(
        "Orang di sana menekan 'Kerjakan giliran saya' di halamannya sendiri (langkah 9, Keadaan),"
        " atau menjalankan 'padan-encoder go'. Anda tidak perlu perintah apa pun: sesudah itu tekan"
        " tombol ini lagi.",
        "The person there presses 'Take my turn' on their own page (step 9, Status), or runs"
        " 'padan-encoder go'. You need no command: press this button again afterwards.",
    ),
    "review.answer": _RETURNED,
    "review.reference": _RETURNED,
    "review.form": Words(
        "Ambil formulir yang disimpan dari halaman ini, dengan judul kolomnya.",
        "Take a form that was saved from this page, with its column titles.",
    ),
    "review.nothing": Words(
        "Tambahkan sampel acak padanan pasti pada halaman pemeriksaan.",
        "Add a random sample of certain matches on the page of the review.",
    ),
    "file.columns": Words(
        "Berkas ini tidak lagi berisi kolom yang dipilih. Pilih kolomnya lagi pada langkah 3.",
        "The file no longer has a column that was chosen. Choose its columns again in step 3.",
    ),
    "file.changed": _MOVED,
    "ids.nobody": Words(
        "Tulis id baris sendiri, dari kolom 'id baris sendiri' pada langkah 3, satu sebaris.",
        "Give your own row ids, of the column 'own record id' of step 3, one a line.",
    ),
    "file.moved": _MOVED,
    "ids.row-numbers": Words(
        "Periksa nomor itu di berkas ini. Bila benar, lanjutkan dengan tombol di bawah.",
        "Check these numbers in this file. If they are right, go on with the button below.",
    ),
    "ids.several-people": Words(
        "Bila semua orang itu dimaksud, lanjutkan dengan tombol di bawah. Bila tidak, sebut nomor"
        " barisnya dan tandai 'Daftar ini menyebut nomor baris'.",
        "If all of these people are meant, go on with the button below. If not, give row numbers"
        " and mark 'The list names row numbers'.",
    ),
    "file.record-id-repeated": _REPEATED,
    "file.date-order": _ORDER,
    "file.sex-codes": _CODES,
    "file.swapped": Words(
        "Mungkin kolomnya tertukar; periksa pada langkah 3.",
        "Columns may be swapped; check them in step 3.",
    ),
    "inspect.table": _OTHER_FILE,
    "mapping.malformed": _OTHER_FILE,
    "mapping.fields": _OTHER_FILE,
    "mapping.twice": Words(
        "Pilih setiap kolom berkas satu kali saja pada langkah 3.",
        "Choose every column of the file only once in step 3.",
    ),
    "mapping.payload": Words(
        "Pilih kolom lain, atau '(tidak ada)'; penautan hanya memakai identitas.",
        "Choose another column, or '(none)'; linkage uses identity alone.",
    ),
    "prepare.committed": Words(
        "Sesudah data ini dikirim (langkah 8), berkas terbaru dapat diletakkan pada langkah 2;"
        " hanya perubahannya yang dikirim.",
        "Once this dataset was uploaded (step 8), drop the newest file in step 2; only what changed"
        " is sent.",
    ),
    "prepare.codebook": Words(
        "Pilih buku kode yang lain pada kelurahan/desa di langkah 3; tanyakan kepada pembuat"
        " berkas. Bila yang dipilih memang benar, lanjutkan dengan tombol di bawah.",
        "Choose the other code book for the village in step 3; ask who made the file. If the choice"
        " is right, go on with the button below.",
    ),
    "prepare.few-rows": _LITTLE,
    "prepare.few-niks": _LITTLE,
    "programme.present": Words(
        "Isi alamat daftar penerima sekarang; atau tandai 'Program ini baru'.",
        "Fill in the path of the present list; or mark 'This programme is new'.",
    ),
    "programme.rules": Words(
        "Perbaiki berkas aturan itu di editor teks, lalu nilai lagi.",
        "Correct the rule file in a text editor, then judge again.",
    ),
    "release.unknown": Words(
        "Buka 'Hasil' (langkah 10), dan pilih rilis di sana.",
        "Open 'Results' (step 10), and choose a release there.",
    ),
    "delta.no-bundle": Words(
        "Siapkan, sandikan, dan kirim data ini dahulu (langkah 5, 7, dan 8).",
        "First prepare, encode and upload this dataset (steps 5, 7 and 8).",
    ),
}
_KEEP_DAMAGED = Words(
    "Ekspor ulang sebagai teks. Bila tidak dapat, tandai 'Baris dengan NIK/KK rusak tetap ikut'"
    " pada langkah 3: orangnya disertakan tanpa nomor itu.",
    "Export them as text again. If that cannot be done, mark 'Keep rows whose NIK/KK is damaged' in"
    " step 3: these people are kept without that number.",
)
_ADVICE = {
    "rows-damaged": _KEEP_DAMAGED,
    "record-id-repeated": _REPEATED,
    "nik-damaged": Words(
        "Dianggap kosong. Betulkan di sumber.",
        "They count as empty. Correct them at the source.",
    ),
}
# The page's words for a mapping file or an option, by a mark in the English sentence.
_MARKS = (
    (
        "codebook:",
        Words(
            "Ada kolom kode wilayah. Bila kodenya sampai kelurahan, pilih 'kode' pada"
            " kelurahan/desa, menurut buku kode yang dipakai: tanyakan milik siapa.",
            "There is a column of region codes. If they are of kelurahan, choose 'code' for the"
            " village, by the codebook that is used: ask whose it is.",
        ),
    ),
    (
        "recorded:",
        Words(
            "Ada kolom umur. Bila tanggal lahir kosong, pilih 'umur' pada tanggal lahir dan isi"
            " tahun pendataannya.",
            "There is a column of ages. Where dates are missing, choose 'age' for the date of birth"
            " and fill in the year in which the ages were told.",
        ),
    ),
    ("order: month-first", _ORDER),
    ("male: [", _CODES),
    ("--sheet ", _SHEETS),
)


def _step(name: str) -> Words:
    at = next(at for at, (each, _) in enumerate(STEPS, start=1) if each == name)
    title = dict(STEPS)[name]
    return Words(f"langkah {at} ({title.id})", f"step {at} ({title.en})")


# Commands that are a button on the page where they are named.
_BUTTONS = {
    "review form --sample": Words("'Tambahkan sampel' di bawah", "'Add the sample' below"),
}
_STEPS = {each: _step(name) for each, name in _STEP_OF.items()} | _BUTTONS
PAGE_WORDS = PageWords(_STEPS, {**JOINING_HINTS, **_HINTS}, _MARKS)


def finding_on_page(finding: QualityFinding) -> QualityFinding:
    """A finding whose next step is on the page."""
    todo = _ADVICE.get(finding.code) or PAGE_WORDS.told(finding.todo)
    return replace(finding, found=PAGE_WORDS.told(finding.found), todo=todo)
