"""The approver's page in its own words, instead of commands and options."""

from __future__ import annotations

from policy.base.words import Words
from policy.terminal.local_page.words import PageWords

# Also for other programs' pages where invited people arrive.
JOINING_HINTS = {
    "invite.expired": Words(
        "Minta koordinator mengirim undangan baru.", "Ask the coordinator for a new invite."
    ),
    "invite.malformed": Words(
        "Pilih berkas .padan yang dikirim koordinator, atau tuliskan seluruh kodenya.",
        "Choose the .padan file that the coordinator sent, or write the whole code.",
    ),
    "invite.other-person": Words(
        "Pilih undangan Anda sendiri, atau buka program ini di folder orang itu.",
        "Choose your own invite, or open this program in that person's folder.",
    ),
    "joining.taken": Words(
        "Telepon koordinator, yang mengundang Anda lagi di 'Orang'.",
        "Call the coordinator, who invites you again under 'People'.",
    ),
}

PAGE_WORDS = PageWords(
    steps={
        "submit": Words("'Berkas' di atas", "'Files' above"),
        "status": Words("'Rilis' di atas", "'Releases' above"),
        "inspect": Words("'Rilis' di atas", "'Releases' above"),
        "accept": Words("'Bergabung' di halaman ini", "'Joining' on this page"),
        "invite": Words("'Orang' di atas", "'People' above"),
    },
    hints={
        **JOINING_HINTS,
        "project.wait-cosigned": Words(
            "Tunggu sampai halaman saksi itu terbuka dan melihat langkahnya, lalu tanda tangani"
            " lagi.",
            "Wait until that witness has its page open and has seen the step, then sign again.",
        ),
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
