"""assets/flow-en.svg and flow-id.svg: who does what, from two lists to one list and its proof.

The picture has a ground of its own, so that it can be read on a light page and on a dark one.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from policy.base.words import Language, Words

_WIDTH, _HEIGHT = 960, 500
_INK, _LINE, _GROUND = "#1f2933", "#52606d", "#ffffff"
_AGENCY, _SERVICE, _PEOPLE, _PROOF = "#e3f2ec", "#e8eefb", "#fdf1dc", "#f1e9f8"

# Left, top, width, height, colour, title, lines.
_BOXES: tuple[tuple[int, int, int, int, str, Words, tuple[Words, ...]], ...] = (
    (
        *(24, 56, 250, 128, _AGENCY),
        Words("Instansi A, di komputernya", "Agency A, on its own machine"),
        (
            Words("membaca dan memeriksa berkas", "reads its file, checks its quality"),
            Words("mengunci baris, sepakati kunci", "commits rows, then agrees on keys"),
            Words("menyandikan: tanpa NIK dan nama", "encodes: no NIK, no name leaves"),
        ),
    ),
    (
        *(24, 216, 250, 128, _AGENCY),
        Words("Instansi B, di komputernya", "Agency B, on its own machine"),
        (
            Words("hal yang sama, dengan berkasnya", "the same, with its own file"),
            Words("kuncinya disepakati antarinstansi;", "keys are agreed among agencies;"),
            Words("layanan tidak mengetahuinya", "the service learns none"),
        ),
    ),
    (
        *(356, 120, 248, 160, _SERVICE),
        Words("Layanan pemadanan", "Linkage service"),
        (
            Words("membandingkan sandi", "compares encodings"),
            Words("menyiapkan berkas rilis, tersegel", "stages release files, sealed"),
            Words("bagi setiap penerima", "to each recipient"),
            Words("merilis hanya yang disetujui", "releases only what was approved"),
        ),
    ),
    (
        *(686, 56, 250, 112, _PEOPLE),
        Words("Penyetuju dan pejabat PDP", "Approvers, protection officers"),
        (
            Words("instansi lain menandatangani", "of other agencies sign for exactly"),
            Words("tepat berkas itu, atau menolak", "these files, or refuse"),
        ),
    ),
    (
        *(686, 232, 250, 112, _AGENCY),
        Words("Penerima", "Recipient"),
        (
            Words("menggabung ID padanan dengan", "opens match IDs, joins them to"),
            Words("barisnya: by name by address", "its rows: by name, by address"),
        ),
    ),
    (
        *(24, 392, 580, 84, _PROOF),
        Words(
            "Log setiap langkah, disaksikan instansi", "A log of every step, witnessed by agencies"
        ),
        (
            Words(
                "hanya dapat ditambah; setiap pernyataan bertanda tangan; tanpa data orang",
                "it can only grow; every statement is signed; no data of people",
            ),
        ),
    ),
    (
        *(686, 392, 250, 84, _PROOF),
        Words("Auditor", "Auditor"),
        (Words("memeriksa semuanya, luring", "verifies all of it, offline"),),
    ),
)

# From, to, label, and where the label is written.
_ARROWS: tuple[tuple[tuple[int, int], tuple[int, int], Words, tuple[int, int]], ...] = (
    ((274, 120), (356, 170), Words("sandi", "encodings"), (318, 128)),
    ((274, 280), (356, 232), Words("sandi", "encodings"), (318, 286)),
    ((604, 160), (686, 112), Words("permintaan", "what is asked"), (632, 104)),
    ((686, 148), (604, 190), Words("ya, atau tidak", "yes, or no"), (654, 200)),
    ((604, 244), (686, 284), Words("ID padanan", "match IDs"), (640, 294)),
    ((480, 280), (480, 392), Words("setiap langkah", "every step"), (536, 342)),
    ((149, 344), (149, 392), Words("", ""), (0, 0)),
    ((604, 434), (686, 434), Words("bukti", "evidence"), (645, 424)),
)


def flow(language: Language) -> str:
    """The picture as SVG, in one language."""
    title = Words("Dari dua daftar ke satu daftar", "From two lists to one").in_language(language)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
        f' font-family="system-ui, sans-serif" font-size="12.5" fill="{_INK}">',
        f"<title>{escape(title)}</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7"'
        f' markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="{_LINE}"/></marker></defs>',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" rx="12" fill="{_GROUND}"/>',
        f'<text x="24" y="34" font-size="18" font-weight="600">{escape(title)}</text>',
        *_boxes(language),
        *_arrows(language),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _boxes(language: Language) -> Iterator[str]:
    for left, top, width, height, colour, title, texts in _BOXES:
        yield (
            f'<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="8"'
            f' fill="{colour}" stroke="{_LINE}"/>'
        )
        yield _text(left + 14, top + 26, title.in_language(language), ' font-weight="600"')
        for number, each in enumerate(texts):
            yield _text(left + 14, top + 52 + 22 * number, each.in_language(language))


def _arrows(language: Language) -> Iterator[str]:
    for (left, top), (right, bottom), label, (x, y) in _ARROWS:
        yield (
            f'<line x1="{left}" y1="{top}" x2="{right}" y2="{bottom}" stroke="{_LINE}"'
            ' stroke-width="1.5" marker-end="url(#tip)"/>'
        )
        if label.en:
            centred = ' text-anchor="middle" font-style="italic"'
            yield _text(x, y, label.in_language(language), centred)


def _text(x: int, y: int, words: str, style: str = "") -> str:
    return f'<text x="{x}" y="{y}"{style}>{escape(words)}</text>'
