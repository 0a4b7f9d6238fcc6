"""Prints what a charter lacks, allows and says, at the terminal."""

from __future__ import annotations

import time

from rich.table import Table

from policy.base.words import Words, number
from policy.charter import Charter
from policy.charter.allowances import HEADS, Allowance, allowances, explained
from policy.charter.gaps import Gap
from policy.gates.cases import draft_case
from policy.gates.rules import GATES, Finding
from policy.project.recipients import recipients
from policy.terminal import console
from policy.witnessing.quorum import Quorum, quorum


def print_gaps(found: tuple[Gap, ...]) -> None:
    if not found:
        console.out.print(str(Words("Piagam lengkap.", "The charter is complete.")))
        return
    table = Table(
        "",
        str(Words("bagian", "part")),
        str(Words("apa yang kurang, dan apa yang ditulis", "what is missing, and what to write")),
        str(Words("diminta oleh", "asked for by")),
    )
    for gap in found:
        mark = "[red]✗[/]" if gap.blocking else "[yellow]![/]"
        table.add_row(mark, gap.field, f"{gap.problem} {gap.remedy}", gap.duty)
    console.out.print(table)


def asked_today(charter: Charter) -> list[Finding]:
    """The run gate's findings on this charter today; none if no roster is pinned.

    A draft is not judged by what the log must contain first (signatures, a probe report, orders).
    """
    home = console.home()
    if not home.has_joined:
        return []
    case = draft_case(charter, home.roster(), int(time.time()))
    return [rule.check(case) for rule in GATES[charter.law].run if not rule.needs_log]


def print_rules(asked: list[Finding]) -> None:
    if not asked:
        note = Words(
            "Setelah 'padan-policy join', gerbang pemadanan juga ditanya tentang hari ini.",
            "After 'padan-policy join' the run gate is asked about today as well.",
        )
        console.say(note)
    for finding in asked:
        mark = "✓" if finding.passed else "✗"
        console.out.print(f"{mark} {finding.rule.title}: {finding.reason}", markup=False)


def allowed(charter: Charter) -> tuple[Allowance, ...]:
    """What the charter allows; parties of one agency in the roster are one recipient."""
    home, groups = console.home(), charter.recipients()
    if home.has_joined:
        known = {member.id for member in home.roster().members}
        if known >= set(charter.party_ids):
            groups = recipients(charter, home.roster())
    return allowances(charter, groups)


def print_allowances(charter: Charter, allowed: tuple[Allowance, ...]) -> None:
    table = Table(*(str(head) for head in HEADS))
    for each in allowed:
        before, released = each.bits_before_stages, each.bits_of_releases
        bits = (before, released, each.bits_of_counts, each.bits_of_refusals)
        counts = (each.lists, each.domains, *bits, each.smallest_cell)
        table.add_row("+".join(each.recipient), *(str(number(count)) for count in counts))
    console.out.print(table)
    console.out.print(str(explained(charter)), markup=False)


def quorum_of(charter: Charter) -> Quorum:
    """The quorum by the pinned roster; without one, each witness is one agency."""
    home, witnesses = console.home(), charter.witnesses
    if home.has_joined:
        return quorum(charter, home.roster())
    return Quorum(len(set(witnesses.members)), witnesses.quorum, witnesses.faulty)


def print_quorum(found: Quorum) -> None:
    lying, away = max(found.withstands, 0), max(found.away, 0)
    console.say(
        Words(
            f"Saksi: {found.agencies} instansi, kuorum {found.needed}; tahan {lying} instansi yang"
            f" berbohong, {away} boleh absen.",
            f"Witnesses: {found.agencies} agencies, quorum {found.needed}; {lying} may lie, and"
            f" {away} may be away.",
        )
    )
    if not found.holds:
        console.say(
            Words(
                f"Kuorum ini dapat memberi dua riwayat yang berbeda; perlu {found.least}.",
                f"Two histories could both pass this quorum; it takes {found.least}.",
            )
        )
