"""The variables of the environment that every program reads, besides those of its options."""

from __future__ import annotations

from collections.abc import Mapping

from policy.base.words import Words

VARIABLES: Mapping[str, Words] = {
    "PADAN_LANG": Words(
        "Bahasa keluaran: `id` atau `en`; tanpa ini menurut LC_ALL, lalu LANG",
        "Language of the output: `id` or `en`; without it as LC_ALL says, then LANG",
    ),
    "LC_ALL": Words(
        "Nilai yang diawali `en` memilih bahasa Inggris, yang lain bahasa Indonesia",
        "A value that begins with `en` selects English, any other Indonesian",
    ),
    "LANG": Words(
        "Seperti LC_ALL, bila LC_ALL kosong",
        "As LC_ALL, if LC_ALL is empty",
    ),
    "PADAN_PROGRESS": Words(
        "Bila tidak kosong, kemajuan juga ditulis ketika galat baku bukan terminal",
        "If not empty, progress is also shown where standard error is not a terminal",
    ),
}
