"""The steps of the page, in their order."""

from __future__ import annotations

from policy.base.words import Words

STEPS: tuple[tuple[str, Words], ...] = (
    ("project", Words("Proyek", "Project")),
    ("file", Words("Berkas", "File")),
    ("columns", Words("Kolom", "Columns")),
    ("quality", Words("Mutu", "Quality")),
    ("prepare", Words("Siapkan", "Prepare")),
    ("keys", Words("Kunci", "Keys")),
    ("encode", Words("Sandikan", "Encode")),
    ("upload", Words("Kirim", "Upload")),
    ("status", Words("Keadaan", "Status")),
    ("results", Words("Hasil", "Results")),
    ("programme", Words("Program", "Programme")),
)
