"""The steps of the page, in their order."""

from __future__ import annotations

from encoder.steps.next_acts import ActName
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
    ("changes", Words("Perubahan", "Changes")),
)

# The step where the page does what is next; what is not here is done by a command.
PAGE_OF: dict[ActName, str] = {
    "prepare": "prepare",
    "commit": "keys",
    "reveal": "keys",
    "confirm": "keys",
    "encode": "encode",
    "upload": "upload",
    "open": "results",
}
