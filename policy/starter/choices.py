"""Why each computed part of a drafted charter is as it is, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policy.base.words import Words, number
from policy.charter import Charter
from policy.starter.answers import CharterAnswers
from policy.starter.fitting import ListFit


@dataclass(frozen=True)
class Choice:
    """What was computed for one part of the charter, and why."""

    part: str
    value: Words
    why: Words


def choices_of(
    answers: CharterAnswers, fit: ListFit, charter: Charter, *, shipped: bool
) -> Iterator[Choice]:
    people = number(fit.people)
    cell = fit.minimum_cell
    yield Choice(
        "release.minimum_cell",
        Words(str(cell), str(cell)),
        Words(
            f"Daftar terpendek memuat sekitar {people.id} orang. Jumlah di bawah {cell} orang tidak"
            " pernah keluar.",
            f"The shortest list has about {people.en} people. No count below {cell} people ever"
            " leaves the service.",
        ),
    )
    if fit.grades:
        yield Choice(
            "release.grades",
            Words("ya", "yes"),
            Words(
                "Penerima melihat mana yang pasti dan mana yang perlu dicek; daftarnya cukup"
                " besar.",
                "Recipients see which matches are certain and which are to be checked; the lists"
                " are large enough.",
            ),
        )
    else:
        yield Choice(
            "release.grades",
            Words("tidak", "no"),
            Words(
                "Yang perlu dicek terlalu sedikit orang untuk dirilis tersendiri; hanya yang pasti"
                " dirilis.",
                "The matches to be checked would be too few people to be released by themselves;"
                " only certain ones are released.",
            ),
        )
    share = fit.canary_ppm
    yield Choice(
        "encoding.canaries",
        Words(f"{share} per sejuta", f"{share} in a million"),
        Words(
            "Baris buatan yang dirahasiakan dari layanan mengungkap layanan yang membuang padanan.",
            "Made-up rows that the service does not know show a service that drops matches.",
        ),
    )
    yield Choice(
        "datasets",
        Words("setengah sampai dua kali lipat", "half to twice"),
        Words(
            "Setiap daftar boleh berisi setengah sampai dua kali jumlah orang yang Anda sebut.",
            "Each list may have half to twice the number of people that you gave.",
        ),
    )
    yield Choice(
        "release.approvals",
        Words("2 instansi lain", "2 other agencies"),
        Words(
            "Paling sedikit yang diizinkan: dua instansi selain yang meminta harus setuju.",
            "The fewest allowed: two agencies other than the one that asks must agree.",
        ),
    )
    witnessing, quorum = charter.witnesses, charter.witnesses.quorum
    count = len(witnessing.members)
    yield Choice(
        "witnesses",
        Words(f"{quorum} dari {count}", f"{quorum} of {count}"),
        Words(
            "Kuorum terkecil yang menahan satu instansi yang berbohong tentang log.",
            "The smallest quorum that withstands one agency that lies about the log.",
        ),
    )
    yield Choice(
        "encoding.profile",
        Words("compound-2, padan-id-5", "compound-2, padan-id-5"),
        Words(
            "Profil bawaan: yang paling tahan uji serangan.",
            "The default profile: the one that withstands the attacks best.",
        ),
    )
    if shipped:
        yield Choice(
            "dpia.probe",
            Words("laporan bawaan Padan", "the report shipped with Padan"),
            Words(
                "Uji serangan atas penyandian ini sudah ada dan disertakan. Siapa pun dapat"
                " mengulanginya: padan-encoder probe.",
                "The attacks on these encodings were run and their report comes with Padan."
                " Anybody can repeat them: padan-encoder probe.",
            ),
        )
    else:
        yield Choice(
            "dpia.probe",
            Words("belum ada", "not there yet"),
            Words(
                "Untuk daftar sebesar ini jalankan 'padan-encoder probe' dan tulis sidiknya.",
                "For lists of this size run 'padan-encoder probe' and write its digest.",
            ),
        )
    yield Choice(
        "retention",
        Words(answers.ends.isoformat(), answers.ends.isoformat()),
        Words(
            "Semua salinan dimusnahkan pada hari terakhir piagam.",
            "All copies are destroyed on the charter's last day.",
        ),
    )
