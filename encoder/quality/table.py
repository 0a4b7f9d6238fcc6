"""The report in the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from encoder.normalise.cell_rules import CELL_RULES
from encoder.quality.counts import FileProfile
from encoder.quality.examples import Examples
from encoder.quality.findings import QualityFinding
from encoder.quality.labels import label
from encoder.quality.recall import Forecast
from encoder.source.cell_usage import OUTCOMES
from encoder.source.lines import Lines
from policy.base.words import Words, current_language
from policy.charts.numbers import Proportion, written

_STYLE = {"ok": "green", "look": "yellow", "act": "bold red"}
SEVERITY = {
    "ok": Words("baik", "fine"),
    "look": Words("periksa", "check"),
    "act": Words("perbaiki", "fix"),
}


def show(
    console: Console, profile: FileProfile, found: tuple[QualityFinding, ...], expected: Forecast
) -> None:
    """Show the report, findings and next steps first."""
    parts = (_findings(found), _completeness(profile), _usage(profile))
    for part in (*parts, *_classes(profile), _recall(expected)):
        console.print(part, soft_wrap=False)


def show_examples(console: Console, examples: Examples, lines: Lines) -> None:
    """Show rows and cells, only for the officer at this terminal."""
    for field, doubt, rows in examples.by_doubt():
        table = _table(f"{field}: {label(doubt)}", Words("baris", "row"), Words("isi sel", "cell"))
        for each in rows:
            table.add_row(Text(str(lines.told(each.row))), Text(each.cell))
        console.print(table, soft_wrap=False)


def _table(title: str, *columns: Words) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="dim")
    for number, column in enumerate(columns):
        table.add_column(str(column), justify="left" if number == 0 else "right")
    return table


def _findings(found: tuple[QualityFinding, ...]) -> RenderableType:
    table = Table(title=str(Words("Temuan", "Findings")), title_justify="left", title_style="bold")
    table.add_column("")
    table.add_column(str(Words("Temuan", "Finding")), overflow="fold")
    table.add_column(str(Words("Langkah berikut", "What to do")), overflow="fold")
    for each in found:
        text = Text.assemble((str(each.title), "bold"), "\n", str(each.found))
        severity = Text(str(SEVERITY[each.severity]), style=_STYLE[each.severity])
        table.add_row(severity, text, Text(str(each.todo)))
    return table


def _completeness(profile: FileProfile) -> RenderableType:
    table = _table(
        str(Words("Kelengkapan", "Completeness")),
        Words("kolom", "field"),
        Words("dapat dipakai", "usable"),
        Words("kosong", "empty"),
        Words("tidak terbaca", "unusable"),
    )
    language = current_language()
    for each in profile.fields:
        cells = (each.usable, each.empty, each.unusable)
        shares = [written(Proportion(n, profile.rows), language) for n in cells]
        table.add_row(Text(each.name), *(shares if each.in_file else ["-"] * 3))
    return table


def _usage(profile: FileProfile) -> RenderableType:
    """The cells that met a rule: the same table as at the end of `prepare`."""
    language = current_language()
    table = _table(
        str(Words("Sel menurut aturan", "Cells by rule")),
        Words("kolom", "field"),
        Words("sel", "cells"),
        Words("pertama baris", "first row"),
        Words("akibat", "outcome"),
        Words("aturan", "rule"),
    )
    lines = profile.lines
    for each in profile.usage.fields:
        for rule in each.rules:
            table.add_row(
                Text(each.name),
                written(rule.rows, language),
                lines.told(rule.first_row).in_language(language),
                str(OUTCOMES[rule.outcome]),
                f"{CELL_RULES[rule.rule].words} ({rule.rule})",
            )
    return table


def _classes(profile: FileProfile) -> Iterator[RenderableType]:
    if profile.nik:
        yield _counted(Words("NIK", "NIK"), profile.nik.flags, profile.rows)
    if profile.date:
        yield _counted(
            Words("Bentuk tanggal lahir", "Forms of birth dates"),
            profile.date.patterns,
            profile.rows,
        )
        yield _counted(
            Words("Tanggal pengganti", "Placeholder dates"), profile.date.placeholders, profile.rows
        )
    if profile.name:
        words = {str(words): rows for words, rows in profile.name.words.items()}
        yield _counted(Words("Kata per nama", "Words in a name"), words, profile.rows)
        yield _counted(Words("Tanda di nama", "Marks in names"), profile.name.marks, profile.rows)
    if profile.sex:
        yield _counted(
            Words("Kode jenis kelamin", "Codes of sex"), profile.sex.styles, profile.rows
        )


def _counted(title: Words, counts: dict[str, int], rows: int) -> RenderableType:
    language = current_language()
    table = _table(
        str(title), Words("kelas", "class"), Words("baris", "rows"), Words("bagian", "share")
    )
    for code, count in counts.items():
        table.add_row(
            Text(str(label(code))),
            written(count, language),
            written(Proportion(count, rows), language),
        )
    return table


def _recall(expected: Forecast) -> RenderableType:
    language = current_language()
    table = _table(
        str(Words("Perkiraan hasil padanan", "Expected recall")),
        Words("keadaan", "state of the file"),
        Words("ditemukan", "found"),
        Words("terlewat", "missed"),
    )
    for each in expected.scenarios:
        table.add_row(
            str(each.name),
            written(Proportion(each.found, expected.rows), language),
            written(each.missed, language),
        )
    return table
