"""What a charter leaves out about the people involved: parties, walidata, the linkage unit."""

from __future__ import annotations

from collections.abc import Iterator

from policy.base.words import Words
from policy.charter.agreement import FIRST_LAW, Charter
from policy.charter.gaps.gap import Gap

_NAME_AN_OFFICER = Words(
    "Tulis anggota roster yang berperan dpo.", "Name a roster member of role dpo."
)


def of_parties(charter: Charter) -> Iterator[Gap]:
    for number, party in enumerate(charter.parties):
        if party.capacity is None:
            yield Gap(
                f"parties.{number}.capacity",
                True,
                Words(
                    f"Kedudukan {party.member} belum disebut.",
                    f"The capacity of {party.member} is not named.",
                ),
                Words("Tulis controller atau joint-controller.", "controller or joint-controller."),
                "UU 27/2022 Ps. 18, 20",
            )
        if party.dpo is None:
            yield Gap(
                f"parties.{number}.dpo",
                True,
                Words(
                    f"Pejabat PDP untuk {party.member} belum disebut.",
                    f"The data protection officer of {party.member} is not named.",
                ),
                _NAME_AN_OFFICER,
                "UU 27/2022 Ps. 53",
            )


def of_walidata(charter: Charter) -> Iterator[Gap]:
    for number, party in enumerate(charter.parties):
        if charter.walidata_of(party.member) is None:
            yield Gap(
                f"parties.{number}.role",
                _asked_by_law(charter),
                Words(
                    f"Walidata untuk {party.member} belum disebut.",
                    f"The walidata of {party.member} is not named.",
                ),
                Words(
                    "Sebut unit yang menyebarluaskan datanya di bagian walidata, atau tambahkan"
                    " peran walidata bila pihak itu sendiri.",
                    "Name the unit that publishes its data in the part walidata, or add the role"
                    " walidata if it is the party itself.",
                ),
                "Perpres 39/2019 Ps. 14",
            )


def of_linkage_unit(charter: Charter) -> Iterator[Gap]:
    unit = charter.linkage_unit
    if unit is None:
        return
    if unit.dpo is None:
        yield Gap(
            "linkage_unit.dpo",
            _asked_by_law(charter),
            Words(
                "Pejabat PDP unit pemadanan (prosesor) belum disebut.",
                "The data protection officer of the linkage unit (processor) is not named.",
            ),
            _NAME_AN_OFFICER,
            "UU 27/2022 Ps. 53(1); Putusan MK 151/PUU-XXII/2024",
        )
    if not unit.says_where:
        yield Gap(
            "linkage_unit.hosting",
            False,
            Words(
                "Di mana server layanan berada tidak disebut.",
                "Where the service's machines are is not named.",
            ),
            Words(
                "Tulis hosting bila di tempat sendiri; bila di pihak lain, sebut pihak itu di"
                " subprocessors dengan tugas hosting.",
                "Write hosting if they are the unit's own; if another party has them, name that"
                " party in subprocessors with the task hosting.",
            ),
            "UU 27/2022 Ps. 51(5), 56",
        )
    for number, each in enumerate(unit.subprocessors):
        without = [party for party in charter.party_ids if party not in each.consents]
        if without:
            names = ", ".join(without)
            yield Gap(
                f"linkage_unit.subprocessors.{number}.consents",
                _asked_by_law(charter),
                Words(
                    f"Persetujuan tertulis pengendali belum disebut: {names}.",
                    f"The written consent of controllers is not named: {names}.",
                ),
                Words(
                    "Minta persetujuan tertulis mereka sebelum subprosesor dilibatkan.",
                    "Get their written consent before the sub-processor is engaged.",
                ),
                "UU 27/2022 Ps. 51(5)",
            )


def _asked_by_law(charter: Charter) -> bool:
    """Whether the charter's law requires what the first law did not."""
    return charter.law != FIRST_LAW
