"""The risks, and the limits that an assessment must not hide."""

from __future__ import annotations

from policy.base.words import Words
from policy.charter import Charter
from policy.papers.dpia.threats import threats
from policy.papers.paper import (
    BY_HAND,
    Fact,
    Facts,
    Items,
    PaperColumn,
    PaperSection,
    PaperTable,
)


def risks(charter: Charter) -> PaperSection:
    return PaperSection(
        "risks",
        Words("Risiko dan tindakan", "Risks and measures"),
        (
            PaperTable(
                "risks",
                Words("Ancaman menurut kode dokumentasi", "Threats by the documentation's codes"),
                (
                    PaperColumn("code", Words("Kode", "Code")),
                    PaperColumn("who", Words("Siapa, bagaimana", "Who, how")),
                    PaperColumn("measure", Words("Tindakan", "Measure")),
                    PaperColumn("remains", Words("Yang tersisa di sini", "What remains here")),
                ),
                tuple(
                    (each.code, each.threat, each.measure, each.remains)
                    for each in threats(charter)
                ),
            ),
            Facts(
                (
                    Fact(
                        "levels",
                        Words("Tingkat setiap risiko", "Level of each risk"),
                        BY_HAND,
                        Words(
                            "metode penilaian tingkat risiko yang berlaku di instansi",
                            "the risk method that applies at the agencies",
                        ),
                    ),
                    Fact(
                        "abroad",
                        Words(
                            "Letak server dan transfer ke luar negeri", "Servers, transfers abroad"
                        ),
                        BY_HAND,
                    ),
                )
            ),
        ),
        duties=(10, 15, 16, 26),
    )


def limits(charter: Charter) -> PaperSection:
    profile = charter.encoding.profile
    made = (
        Words(
            f"Sandi bawaan ({profile}) memakai suara mayoritas seperti SAUL atas token: varian"
            " sendiri dari skema yang diterbitkan (doi 10.56553/popets-2026-0033), dan belum"
            " ditinjau siapa pun di luar pembuatnya.",
            f"The default encoding ({profile}) takes SAUL's majority votes over tokens: our own"
            " variant of a published scheme (doi 10.56553/popets-2026-0033), reviewed by nobody"
            " but its makers.",
        )
        if charter.encoding.compound
        else Words(
            f"Profil {profile} tidak lolos semua uji serangan, atau hanya dengan ukuran grup kecil."
            " Suara mayoritas SAUL atas CLK adalah varian yang belum ditinjau dari skema yang"
            " diterbitkan (doi 10.56553/popets-2026-0033).",
            f"The profile {profile} fails a probe, or passes in small groups alone. SAUL's majority"
            " votes on CLKs are an unreviewed variant of a published scheme"
            " (doi 10.56553/popets-2026-0033).",
        )
    )
    return PaperSection(
        "limits",
        Words("Batas yang harus diketahui", "Limits that must be known"),
        (
            Items(
                "limits",
                (
                    made,
                    Words(
                        "Sandi adalah nama samaran dan tetap data pribadi, sampai dimusnahkan.",
                        "Encodings are pseudonyms and remain personal data until destroyed.",
                    ),
                    Words(
                        "Semua bersandar pada satu anggapan: unit pemadanan tidak bersekongkol"
                        " dengan pemilik data mana pun. Persekongkolan membuka NIK semua pihak.",
                        "All rests on one assumption: the linkage unit does not collude with any"
                        " data owner. Collusion opens the NIKs of all parties.",
                    ),
                    Words(
                        "Di dalam satu grup garam (satu tanggal lahir, satu RT) perlindungan lebih"
                        " lemah daripada rata-rata.",
                        "Inside one salt's group (one date of birth, one neighbourhood) protection"
                        " is weaker than on average.",
                    ),
                    Words(
                        "Anggota daftar yang menanam satu orang dapat mengetahui apakah orang itu"
                        " ada di daftar lain, bila sel selebihnya cukup besar.",
                        "An owner who plants one person can learn whether that person is on the"
                        " other list, if the rest of the cell is large enough.",
                    ),
                    Words(
                        "Log membuktikan urutan, tanda tangan, dan putusan; ia tidak dapat"
                        " membuktikan bahwa tidak ada salinan rahasia atau bahwa pemusnahan sungguh"
                        " terjadi.",
                        "The log proves order, signatures and verdicts; it cannot prove that there"
                        " are no secret copies, or that destruction really happened.",
                    ),
                ),
            ),
        ),
    )
