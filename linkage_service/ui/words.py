"""The service's pages in their own words, instead of commands."""

from __future__ import annotations

from policy.base.words import Words
from policy.terminal.local_page.words import PageWords

PAGE_WORDS = PageWords(
    steps={
        "start-run": Words("'Lanjutkan' di halaman pemadanan", "'Go on' on the page of the run"),
        "run-status": Words("halaman pemadanan", "the page of the run"),
    },
    hints={
        "service.no-project": Words(
            "Pilih proyek dari daftarnya. Bila tidak ada di daftar, minta koordinator"
            " menambahkannya ke akun Anda.",
            "Choose a project from the list. If the list lacks it, ask the coordinator to add it"
            " to your account.",
        ),
    },
)

RUN_STATES = {
    "ordered": Words("belum dimulai", "not started"),
    "running": Words("berjalan", "running"),
    "waiting": Words("tertahan", "held up"),
    "cancelled": Words("dihentikan", "stopped"),
    "failed": Words("gagal", "failed"),
    "done": Words("selesai", "done"),
}
