"""The judgements of readiness, each from facts to a `PartCheck`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from policy.base.clocks import CLOCK_SKEW_SECONDS
from policy.base.dates import at_second, long_moment
from policy.base.words import Words, number

Name = Literal["database", "store", "keystore", "roster", "clock", "disk", "logs"]
Found = Literal["same", "missing", "other", "unreachable"]

_MIB = 1024 * 1024
_NONE: Mapping[str, int] = {}


@dataclass(frozen=True)
class PartCheck:
    """One part of a service: whether it works, what was found, and what to do if it does not.

    A part that `waits` works, and somebody has to do something all the same.

    Anybody may read the words. `facts` are numbers for the operator, such as bytes left on a disk:
    from them one could tell how much others send.
    """

    name: Name
    ok: bool
    words: Words
    remedy: Words
    facts: Mapping[str, int] = field(default_factory=dict)
    waits: bool = False

    def as_json(self) -> dict[str, object]:
        """What anybody may read."""
        return {
            "name": self.name,
            "ok": self.ok,
            "words": {"id": self.words.id, "en": self.words.en},
            "remedy": {"id": self.remedy.id, "en": self.remedy.en},
        }


def is_ready(checks: Iterable[PartCheck]) -> bool:
    return all(each.ok for each in checks)


def database(schema: str | None, newest: str) -> PartCheck:
    """`schema`: the revision that the database has, None if it does not answer."""
    if schema is None:
        return _fails(
            "database",
            Words("Basis data tidak menjawab.", "The database does not answer."),
            Words(
                "Periksa apakah basis data berjalan dan alamatnya benar; layanan melanjutkan"
                " sendiri.",
                "Check that the database runs and its address is right; the service goes on by"
                " itself.",
            ),
        )
    if schema != newest:
        return _fails(
            "database",
            Words(
                f"Skema basis data adalah versi {schema or 'kosong'}, program ini memakai versi"
                f" {newest}.",
                f"The database has schema {schema or 'none'}, this program uses {newest}.",
            ),
            _LATER if schema > newest else _EARLIER,
        )
    return _works(
        "database",
        Words(
            f"Basis data menjawab, skema versi {schema}.",
            f"The database answers, with schema {schema}.",
        ),
    )


_LATER = Words(
    "Basis data ini sudah diperbarui oleh program yang lebih baru: pasang versi itu di semua"
    " proses.",
    "A later program has brought this database up to date: install that version for all processes.",
)
_EARLIER = Words(
    "Hentikan semua proses, buat cadangan, lalu jalankan 'padan-linkage serve' versi ini, yang"
    " memperbaruinya.",
    "Stop all processes, make a backup, then start 'padan-linkage serve' of this version, which"
    " brings it up to date.",
)


def store(found: Found, kept: bool | None) -> PartCheck:
    """`found`: the identity that the database knows. `kept`: a written blob was read back; None
    if nothing was written."""
    if found == "missing":
        return _fails(
            "store",
            Words(
                "Penyimpanan tidak beridentitas: ini mungkin folder kosong di tempat yang"
                " sebenarnya.",
                "The store has no identity: this may be an empty folder where the store should be.",
            ),
            Words(
                "Pasang (mount) penyimpanan yang benar, atau pulihkan dari cadangan, lalu mulai"
                " ulang layanan.",
                "Mount the right store, or restore it from a backup, then restart the service.",
            ),
        )
    if found == "other":
        return _fails(
            "store",
            Words(
                "Penyimpanan ini milik basis data lain.", "This store belongs to another database."
            ),
            Words(
                "Periksa URL basis data dan alamat penyimpanan: keduanya harus satu pasang.",
                "Check the database URL and the store's address: they have to be a pair.",
            ),
        )
    if found == "unreachable" or kept is False:
        return _fails(
            "store",
            Words(
                "Penyimpanan tidak dapat dibaca atau ditulisi.",
                "The store cannot be read or written.",
            ),
            Words(
                "Periksa apakah penyimpanan menjawab, izinnya, dan ruangnya.",
                "Check that the store answers, its permissions, and its space.",
            ),
        )
    if kept is None:
        return _works(
            "store",
            Words(
                "Penyimpanan dibaca; menulis tidak dicoba.",
                "The store was read; writing was not tried.",
            ),
        )
    return _works(
        "store", Words("Penyimpanan dibaca dan ditulisi.", "The store was read and written.")
    )


def keystore(expected: int, missing: int, closed: int) -> PartCheck:
    """Keys of epochs whose encodings are not destroyed: all, those missing, those not opening."""
    facts = {"keys": expected, "missing": missing, "closed": closed}
    if missing or closed:
        return _fails(
            "keystore",
            Words(
                "Ada kunci periode yang hilang atau tidak terbuka.",
                "An epoch key is missing or does not open.",
            ),
            Words(
                "Hubungkan penyimpanan kunci yang benar. Kunci yang hilang tidak ada di cadangan:"
                " para pihak menyepakati kunci baru dan mengirim ulang.",
                "Connect the right keystore. A lost key is in no backup: the parties agree on"
                " new keys and send again.",
            ),
            facts,
        )
    words = Words("Semua kunci periode terbuka.", "All epoch keys open.")
    return _works("keystore", words, facts)


def roster(known: bool, same_keys: bool, valid: bool) -> PartCheck:
    """Of this service in the newest roster: listed, with this home's keys, valid today."""
    remedy = Words(
        "Koordinator membuat roster berikutnya dengan 'padan-linkage roster', yang memuat kunci"
        " layanan ini dan masih berlaku.",
        "The coordinator makes the next roster with 'padan-linkage roster', with this service's"
        " keys and a date that has not passed.",
    )
    if not known:
        return _fails(
            "roster",
            Words(
                "Roster terbaru tidak memuat layanan ini.",
                "The newest roster does not list this service.",
            ),
            remedy,
        )
    if not same_keys:
        return _fails(
            "roster",
            Words(
                "Roster terbaru memuat kunci lain untuk layanan ini.",
                "The newest roster lists other keys of this service.",
            ),
            remedy,
        )
    if not valid:
        return _fails(
            "roster",
            Words(
                "Masa berlaku layanan ini di roster sudah habis atau belum mulai.",
                "This service's entry in the roster has expired or has not begun.",
            ),
            remedy,
        )
    return _works(
        "roster",
        Words("Roster memuat kunci layanan ini.", "The roster lists this service's keys."),
    )


def clock(now: int, seen: Mapping[str, int]) -> PartCheck:
    """`seen`: the newest time that each witness confirmed, Unix seconds by witness.

    One witness may be wrong, so two have to say that it is later than this clock shows.
    """
    second = sorted(seen.values(), reverse=True)[1] if len(seen) > 1 else None
    if second is not None and now < second - CLOCK_SKEW_SECONDS:
        mine, theirs = long_moment(at_second(now)), long_moment(at_second(second))
        return _fails(
            "clock",
            Words(
                f"Jam layanan menunjukkan {mine.id}, padahal dua saksi sudah menandatangani pada"
                f" {theirs.id}.",
                f"The service's clock shows {mine.en}, but two witnesses have cosigned on"
                f" {theirs.en}.",
            ),
            Words("Samakan jam layanan dengan NTP.", "Set the service's clock by NTP."),
        )
    return _works(
        "clock",
        Words(
            "Jam layanan tidak di belakang waktu yang disaksikan.",
            "The service's clock is not behind the witnessed time.",
        ),
    )


def disk(free: Mapping[str, int], least: int) -> PartCheck:
    """`free`: bytes left on the disk of each part; `least`: bytes that have to be free."""
    full = sorted(name for name, left in free.items() if left < least)
    if full:
        names = ", ".join(full)
        return _fails(
            "disk",
            Words(
                f"Kurang dari {_mib(least).id} tersisa di disk untuk: {names}.",
                f"Less than {_mib(least).en} is left on the disk of: {names}.",
            ),
            Words(
                "Kosongkan atau besarkan disk itu; layanan melanjutkan sendiri.",
                "Free space there or enlarge the disk; the service goes on by itself.",
            ),
            free,
        )
    words = Words("Ruang di setiap disk cukup.", "There is enough space on every disk.")
    return _works("disk", words, free)


def logs(waiting: int) -> PartCheck:
    """Of logs that wait for members' copies: members give back to a service that is ready."""
    if not waiting:
        words = Words("Tidak ada log yang menunggu salinan.", "No log waits for members' copies.")
        return _works("logs", words)
    return PartCheck(
        "logs",
        True,
        Words(
            f"Log yang menunggu salinan anggota sejak pemulihan: {waiting}. Sampai itu selesai,"
            " log ini tidak menerima pernyataan.",
            f"Logs that wait for members' copies since a restore: {waiting}. Until then they take"
            " no statement.",
        ),
        Words(
            "Setiap saksi menjalankan 'padan-policy give-back PROYEK'. Siapa yang sudah, ada di"
            " halaman proyek dan di 'padan-linkage doctor'.",
            "Every witness runs 'padan-policy give-back PROJECT'. The project's page and"
            " 'padan-linkage doctor' name those who have.",
        ),
        {"waiting": waiting},
        waits=True,
    )


def broken(name: Name, error: BaseException) -> PartCheck:
    """A part that could not be looked at at all; only the kind of error is told."""
    kind = type(error).__name__
    return _fails(
        name,
        Words(f"Tidak dapat diperiksa ({kind}).", f"It could not be examined ({kind})."),
        Words(
            "Lihat catatan (log) layanan, dan periksa bagian ini.",
            "See the service's log, and examine this part.",
        ),
    )


def _mib(size: int) -> Words:
    found = number(size // _MIB)
    return Words(f"{found.id} MiB", f"{found.en} MiB")


def _works(name: Name, words: Words, facts: Mapping[str, int] = _NONE) -> PartCheck:
    return PartCheck(name, True, words, Words("", ""), facts)


def _fails(name: Name, words: Words, remedy: Words, facts: Mapping[str, int] = _NONE) -> PartCheck:
    return PartCheck(name, False, words, remedy, facts)
