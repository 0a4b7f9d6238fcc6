"""The variables of the environment that every program reads, besides those of its options."""

from __future__ import annotations

from collections.abc import Mapping

from policy.base.words import Words

CKAN_KEY = "PADAN_CKAN_API_KEY"
VARIABLES: Mapping[str, Words] = {
    "PADAN_LANG": Words(
        "Bahasa keluaran: `id`, `en`, atau `both`; tanpa ini menurut LC_ALL, LC_MESSAGES, lalu"
        " LANG",
        "Language of the output: `id`, `en` or `both`; without it as LC_ALL, LC_MESSAGES, then"
        " LANG say",
    ),
    CKAN_KEY: Words(
        "Kunci API portal CKAN, untuk `padan-policy papers ckan` tanpa `--api-key-file`",
        "API key of a CKAN portal, for `padan-policy papers ckan` without `--api-key-file`",
    ),
    "LC_ALL": Words(
        "Nilai yang diawali `en` memilih bahasa Inggris, yang lain bahasa Indonesia",
        "A value that begins with `en` selects English, any other Indonesian",
    ),
    "LC_MESSAGES": Words("Seperti LC_ALL, bila LC_ALL kosong", "As LC_ALL, if LC_ALL is empty"),
    "LANG": Words(
        "Seperti LC_ALL, bila LC_ALL dan LC_MESSAGES kosong",
        "As LC_ALL, if LC_ALL and LC_MESSAGES are empty",
    ),
    "SSL_CERT_FILE": Words(
        "Berkas PEM dengan sertifikat CA yang dipercaya; tanpa ini gudang sistem operasi",
        "PEM file with certificates of trusted CAs; without it, the operating system's store",
    ),
    "PADAN_PROGRESS": Words(
        "Bila tidak kosong, kemajuan juga ditulis ketika galat baku bukan terminal",
        "If not empty, progress is also shown where standard error is not a terminal",
    ),
}
