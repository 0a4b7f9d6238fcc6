"""What storage refuses: absent or damaged blobs, a store that is gone or full."""

from __future__ import annotations

from linkage_service.error_codes import ServiceCode
from policy.base.errors import NotYet
from policy.base.words import Words


def missing() -> NotYet:
    """The error for a blob that is not there."""
    return NotYet(
        ServiceCode.BLOB_MISSING,
        Words("Sebagian berkas belum dikirim.", "A part has not been sent yet."),
        Words("Kirim ulang; bagian yang ada tidak dikirim lagi.", "Send again; it resumes."),
    )


def damaged() -> NotYet:
    """The error for a blob that does not fit its digest."""
    return NotYet(
        ServiceCode.BLOB_DAMAGED,
        Words("Berkas yang disimpan layanan rusak.", "A file in the service's storage is damaged."),
        Words(
            "Kiriman: kirim ulang; bagian yang rusak diganti. Hasil: koordinator menjalankan"
            " 'padan-linkage start-run' lagi, atau memulihkan penyimpanan dari cadangan.",
            "Uploads: send again; damaged parts are replaced. Results: the coordinator gives"
            " 'padan-linkage start-run' again, or restores the storage from its backup.",
        ),
    )


def store_gone() -> NotYet:
    """The error for a store that does not answer, or is not where it was."""
    return NotYet(
        ServiceCode.STORE_GONE,
        Words("Penyimpanan layanan tidak terjangkau.", "The service's storage cannot be reached."),
        Words(
            "Koordinator memeriksa apakah foldernya terpasang atau wadah S3-nya menjawab. Lalu"
            " ulangi perintah itu; yang sudah tersimpan tidak diulang.",
            "The coordinator checks that its folder is mounted or its S3 bucket answers. Then give"
            " the command again; what is stored is not done again.",
        ),
    )


def not_written() -> NotYet:
    """The error for a store that takes no more."""
    return NotYet(
        ServiceCode.BLOB_NOT_WRITTEN,
        Words(
            "Penyimpanan layanan tidak dapat ditulisi, atau penuh.",
            "The service's storage cannot be written to, or is full.",
        ),
        Words(
            "Kosongkan ruang, lalu ulangi perintah itu; yang sudah tersimpan tidak diulang.",
            "Free space, then give the command again; what is stored is not done again.",
        ),
    )
