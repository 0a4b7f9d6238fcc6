"""A programme's rules in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from encoder.released.programmes.rules import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    ConfirmedBySource,
    DataColumn,
    FirstByColumn,
    Programme,
)
from encoder.released.programmes.wording import EXAMPLE
from policy.base.words import Words

_UNITS = {
    "person": Words("Satuan: orang.", "Unit: person."),
    "household": Words(
        "Satuan: keluarga menurut nomor KK; sebuah keluarga layak bila satu anggotanya layak.",
        "Unit: household by family card; a household is eligible if one of its members is.",
    ),
}


def explain(programme: Programme) -> tuple[Words, ...]:
    """One line for each part of the rules, indented as the groups are."""
    title, note = programme.title.words(), programme.note.words()
    lines = [
        Words(
            f"{title.id} ({programme.id}, versi {programme.version})",
            f"{title.en} ({programme.id}, version {programme.version})",
        ),
        *([EXAMPLE] if programme.example else []),
        note,
    ]
    if programme.citation:
        lines.append(Words(f"Dasar: {programme.citation}", f"Basis: {programme.citation}"))
    lines.append(_UNITS[programme.unit])
    lines.append(_quota(programme.quota))
    if programme.day:
        lines.append(Words(f"Usia dihitung pada {programme.day}.", f"Ages on {programme.day}."))
    lines.append(Words("Layak bila semua ini terpenuhi:", "Eligible if all of these are met:"))
    for condition in programme.conditions:
        lines += _condition(condition, programme, 1)
    lines.append(Words("Urutan bila kuota tidak cukup:", "Order if the quota is not enough:"))
    lines += _order(programme)
    lines.append(
        Words(
            "  - lalu undian yang dapat diulang dari benih yang dicatat",
            "  - then a lottery that can be repeated from the recorded seed",
        )
    )
    lines.append(_present(programme))
    lines.append(
        Words(
            "Isian yang kosong atau tidak terbaca tidak berarti 'tidak': barisnya ditinjau.",
            "A cell that is empty or not readable does not mean 'no': its row is reviewed.",
        )
    )
    return tuple(lines)


def _quota(quota: int | None) -> Words:
    if quota is None:
        return Words("Tanpa kuota.", "No quota.")
    return Words(f"Kuota: {quota}.", f"Quota: {quota}.")


def _present(programme: Programme) -> Words:
    if programme.present is None:
        return Words(
            "Penerima sekarang: dari daftar yang disebut dengan --present.",
            "Present recipients: from the list named by --present.",
        )
    names = _names(programme.columns[programme.present])
    return Words(
        f"Penerima sekarang: kolom {names}, atau daftar yang disebut dengan --present.",
        f"Present recipients: the column {names}, or the list named by --present.",
    )


def _order(programme: Programme) -> Iterator[Words]:
    for each in programme.order:
        title = each.title.words()
        if isinstance(each, FirstByColumn):
            names = _names(programme.columns[each.column])
            low = each.first == "lowest"
            yield Words(
                f"  - {title.id}: {names} {'terendah' if low else 'tertinggi'} dahulu",
                f"  - {title.en}: {'lowest' if low else 'highest'} {names} first",
            )
        else:
            yield Words(f"  - {title.id}:", f"  - {title.en}:")
            yield from _condition(each.when, programme, 2)


def _condition(condition: Condition, programme: Programme, depth: int) -> Iterator[Words]:
    space = "  " * depth
    if isinstance(condition, Comparison):
        title, test = condition.title.words(), _test(condition)
        names = _names(programme.columns[condition.column])
        yield Words(
            f"{space}- {title.id}: {names} {test.id}", f"{space}- {title.en}: {names} {test.en}"
        )
        return
    if isinstance(condition, ConfirmedBySource):
        title, name = condition.title.words(), condition.confirmed_by
        yield Words(
            f"{space}- {title.id}: dikonfirmasi {name}",
            f"{space}- {title.en}: confirmed by {name}",
        )
        return
    if isinstance(condition, AllOf):
        head, parts = Words("semua ini:", "all of these:"), condition.all
    elif isinstance(condition, AnyOf):
        head, parts = Words("salah satu:", "one of these:"), condition.any
    else:
        head, parts = Words("bukan:", "not:"), (condition.not_,)
    yield Words(f"{space}- {head.id}", f"{space}- {head.en}")
    for part in parts:
        yield from _condition(part, programme, depth + 1)


def _test(condition: Comparison) -> Words:
    if condition.age is not None:
        span = _span(condition.age.at_least, condition.age.at_most)
        return Words(f"berarti usia {span.id} tahun", f"means an age of {span.en} years")
    if condition.is_yes is not None:
        return Words("ya", "yes") if condition.is_yes else Words("tidak", "no")
    if condition.equals is not None:
        return Words(f"= {condition.equals}", f"= {condition.equals}")
    if condition.one_of:
        said = ", ".join(condition.one_of)
        return Words(f"salah satu dari {said}", f"one of {said}")
    return _span(*condition.span)


def _span(least: int | None, most: int | None) -> Words:
    if least is None:
        return Words(f"paling besar {most}", f"at most {most}")
    if most is None:
        return Words(f"paling kecil {least}", f"at least {least}")
    return Words(f"{least} sampai {most}", f"{least} to {most}")


def _names(column: DataColumn) -> str:
    return " / ".join(column.names) or str(column.role)
