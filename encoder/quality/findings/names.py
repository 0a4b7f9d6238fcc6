"""Names: of one word, cut off, or with marks that names do not have."""

from __future__ import annotations

from collections.abc import Iterator

from encoder.quality.counts import FileProfile
from encoder.quality.findings.finding import QualityFinding, graded
from encoder.quality.labels import label
from encoder.quality.shapes import cut_length
from policy.base.words import Words
from policy.charts.numbers import Proportion, sentence


def written_names(profile: FileProfile) -> Iterator[QualityFinding]:
    """Findings on names; empty if the file has none."""
    name = profile.name
    if name is None:
        return
    filled = name.filled
    single = Proportion(name.words.get(1, 0), filled)
    yield QualityFinding(
        "name-mononym",
        graded(single.value, 0.40, 0.75),
        name.words.get(1, 0),
        Words("Nama satu kata", "One-word names"),
        sentence(
            "{share} nama terdiri dari satu kata; di Jakarta sekitar 29 % itu biasa.",
            "{share} of the names are one word; in Jakarta about 29% is usual.",
            share=single,
        ),
        Words(
            "Nama satu kata tanpa NIK dan tanggal lahir hampir tidak dapat dipadankan.",
            "A one-word name without NIK and birth date can hardly be linked.",
        ),
    )
    cut = cut_length(name.lengths)
    if cut:
        yield QualityFinding(
            "name-cut",
            "act",
            name.lengths[cut],
            Words("Nama tampaknya terpotong", "Names seem to be cut"),
            sentence(
                "{n} nama tepat {cut} huruf panjangnya, jauh lebih banyak daripada yang sedikit"
                " lebih pendek.",
                "{n} names are exactly {cut} characters long, far more than slightly shorter ones.",
                n=name.lengths[cut],
                cut=cut,
            ),
            Words(
                "Sistem asal mungkin memotong nama; minta ekspor dengan kolom yang lebih lebar.",
                "The system of origin may cut names; ask for an export with a wider column.",
            ),
        )
    for mark in ("digit", "odd-mark", "alias"):
        marked = Proportion(name.marks.get(mark, 0), filled)
        if marked.value >= 0.002:
            yield QualityFinding(
                f"name-{mark}",
                graded(marked.value, 0.002, 0.05),
                name.marks[mark],
                Words(f"Nama: {label(mark).id.lower()}", f"Names: {label(mark).en.lower()}"),
                sentence(
                    "{n} nama ({share}).", "{n} names ({share}).", n=name.marks[mark], share=marked
                ),
                Words(
                    "Aturan nama menanganinya; periksa cuplikannya bila banyak.",
                    "The rules for names handle them; look at a sample if there are many.",
                ),
            )
