"""The approver's page in its own words, instead of commands and options."""

from __future__ import annotations

from policy.base.words import Words
from policy.terminal.local_page.words import PageWords

PAGE_WORDS = PageWords(
    steps={
        "submit": Words("'Berkas' di atas", "'Files' above"),
        "status": Words("'Rilis' di atas", "'Releases' above"),
        "inspect": Words("'Rilis' di atas", "'Releases' above"),
    },
    hints={
        "ask.roster": Words(
            "Tanyakan sidik roster kepada kedua otoritas, dan minta pengelola komputer ini"
            " menyimpannya.",
            "Ask both authorities for the roster's digest, and have this computer's administrator"
            " pin it.",
        ),
        "ask.not-for-you": Words(
            "Minta berkas yang dibuat juga untuk Anda, bila Anda berhak memutuskan.",
            "Ask for a file that is made for you as well, if you are entitled to decide.",
        ),
        "release.unknown": Words(
            "Pilih rilis dari daftar di 'Rilis'.", "Choose a release from the list in 'Releases'."
        ),
    },
)

NOTHING_AWAITED = Words(
    "Tidak ada yang ditunggu: semua langkah selesai.", "Nobody is awaited: all steps are done."
)
