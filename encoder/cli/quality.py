"""`padan-encoder check`: find problems in a file before anything is encoded."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal, cast

import typer

from encoder.cli.agreed import CharterFile, OfProject, agreed_fields
from encoder.error_codes import EncoderCode
from policy.base.errors import BadInput
from policy.base.output import HTML, Output
from policy.base.words import Words
from policy.terminal import console
from policy.terminal.commands import output_option

PageLanguage = Literal["id", "en", "both"]
_BLOCK = 1 << 20


def register(app: typer.Typer) -> None:
    app.command()(check)


def check(
    file: Annotated[Path, typer.Argument(help="Berkas data / data file")],
    mapping: Annotated[Path, typer.Option(help="Pemetaan kolom YAML / column mapping")],
    charter: CharterFile = None,
    project: OfProject = None,
    html: Annotated[
        Output | None,
        output_option(help="Tulis laporan HTML / write the report as HTML", form=HTML),
    ] = None,
    page_language: Annotated[
        str, typer.Option(help="Bahasa HTML: id, en, both / HTML language: id, en, both")
    ] = "both",
    as_json: Annotated[bool, typer.Option("--json", help="Keluaran JSON / JSON output")] = False,
    show_values: Annotated[
        int,
        typer.Option(
            min=0,
            max=100,
            help="Tampilkan N sel bermasalah di terminal ini"
            " / show N cells with problems in this terminal",
        ),
    ] = 0,
) -> None:
    """Periksa mutu berkas sebelum disandikan / check a file's quality; no project needed."""
    from datetime import UTC, datetime

    from encoder.quality import findings, forecast, profile_file
    from encoder.quality.examples import Examples
    from encoder.quality.profile import DEFAULT_KINDS
    from encoder.quality.report import report_json
    from encoder.quality.table import show, show_examples
    from encoder.source.mapping import load_mapping

    console.options.json = console.options.json or as_json
    language = _page_language(page_language)
    examples = Examples(show_values) if show_values else None
    if examples is not None:
        _require_terminal()
    fields = agreed_fields(charter, project)
    kinds = DEFAULT_KINDS if fields is None else {each.name: each.kind for each in fields}
    now = datetime.now(UTC)
    label = Words(f"memeriksa {file.name}", f"checking {file.name}")
    bar, advance = console.progress(label, _estimated_rows(file))
    with bar:
        profile = profile_file(
            file,
            load_mapping(mapping),
            kinds,
            today=now.date(),
            advance=advance,
            examples=examples,
        )
    found, expected = findings(profile), forecast(profile.strata)
    if html is not None:
        from encoder.quality.page import page

        console.say(html.write(page(profile, found, expected, now.date(), language).encode()))
    if console.options.json:
        console.result(report_json(profile, found, expected))
        return
    show(console.out, profile, found, expected)
    if examples is not None:
        console.say(_WARNING)
        show_examples(console.out, examples, profile.lines)


_WARNING = Words(
    "PERHATIAN: di bawah ini data pribadi, hanya untuk Anda di terminal ini. Jangan disalin.",
    "WARNING: personal data below, for you at this terminal only. Do not copy it.",
)


def _require_terminal() -> None:
    """Check for a terminal: cells go to a person's screen, never into a file, a pipe or a log."""
    if console.options.json or not sys.stdout.isatty():
        raise BadInput(
            EncoderCode.CHECK_SHOW_VALUES,
            Words(
                "--show-values hanya untuk layar terminal, tidak untuk JSON, berkas, atau pipa.",
                "--show-values is for a terminal screen only, not for JSON, files or pipes.",
            ),
            Words(
                "Jalankan tanpa --json dan tanpa pengalihan keluaran.",
                "Run it without --json and without redirecting the output.",
            ),
        )


def _page_language(text: str) -> PageLanguage:
    if text in ("id", "en", "both"):
        return cast(PageLanguage, text)
    raise BadInput(
        EncoderCode.OPTION_PAGE_LANGUAGE,
        Words("Bahasa halaman: id, en, atau both.", "The page's languages: id, en or both."),
        Words("Misalnya --page-language both.", "For example --page-language both."),
    )


def _estimated_rows(path: Path) -> int:
    """The lines of a text file, for the progress bar; 0 if unknown."""
    try:
        with path.open("rb") as file:
            lines = 0
            while block := file.read(_BLOCK):
                if not lines and b"\0" in block:
                    return 0
                lines += block.count(b"\n")
            return lines
    except OSError:
        return 0  # reading the file reports the error
