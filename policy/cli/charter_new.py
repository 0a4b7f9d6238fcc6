"""`padan-policy charter new|questions`: a charter from answers in plain words."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

import typer

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.output import Form, Output
from policy.base.words import Words, joined
from policy.charter import Charter
from policy.terminal import console
from policy.terminal.commands import output_argument, somebody_is_there

CHARTER = Form((".yaml", ".yml"), repeatable=True)


def register(app: typer.Typer) -> None:
    for command in (new, questions):
        app.command()(command)


def new(
    out: Annotated[Output, output_argument(help="Berkas YAML baru / new YAML file", form=CHARTER)],
    answers: Annotated[
        Path | None,
        typer.Option(
            help="Berkas jawaban; tanpa ini ditanyakan / answers; without it, you are asked"
        ),
    ] = None,
    template: Annotated[
        bool,
        typer.Option("--template", help="Templat untuk diisi sendiri / a template to fill in"),
    ] = False,
) -> None:
    """Tanyakan apa yang dipadankan, lalu tulis piagam / ask what is linked, and write its charter.

    Yang dapat dihitung diisi; setiap pilihan dijelaskan / what can be computed is filled in, and
    each choice is explained.
    """
    if template:
        text = resources.files("policy") / "templates" / "charter.yaml"
        console.result({"file": str(out)}, out.write(text.read_bytes()))
        return
    from policy.starter.answers import as_yaml, load_answers, parse_answers
    from policy.starter.compose import compose

    folder = out.path.parent if answers is None else answers.parent
    if answers is not None:
        given = load_answers(answers)
    elif somebody_is_there():
        from policy.starter.interview import KEPT, Interview

        tree = Interview(folder / KEPT, folder).tree()
        given = parse_answers(json.dumps(tree), str(folder / KEPT))
        _companion(out, "answers.yaml").write(as_yaml(given))
    else:
        raise _questions(out)
    made = compose(given, folder, out.path.name)
    for name, data in made.files.items():
        (out if name == out.path.name else _companion(out, name)).write(data)
    _tell_draft(out, made.draft.charter, made.draft.choices, list(made.files))


def _companion(out: Output, name: str) -> Output:
    """A file that is written next to the charter, after the same gate."""
    return replace(out, form=Form(repeatable=True)).beside(out.path.parent / name)


def _tell_draft(out: Output, charter: Charter, choices: Any, files: list[str]) -> None:
    lines = [
        Words(f"{out}: piagam {charter.project}.", f"{out}: the charter of {charter.project}.")
    ]
    for each in choices:
        lines.append(
            Words(
                f"  {each.part}: {each.value.id}. {each.why.id}",
                f"  {each.part}: {each.value.en}. {each.why.en}",
            )
        )
    show = console.command_line("padan-policy", "charter", "show", out)
    lines.append(Words(f"Baca seluruhnya: {show}", f"Read the whole: {show}"))
    console.result(
        {
            "file": str(out),
            "files": files,
            "project": charter.project,
            "digest": charter.digest(),
            "choices": [
                {
                    "part": each.part,
                    "value": {"id": each.value.id, "en": each.value.en},
                    "why": {"id": each.why.id, "en": each.why.en},
                }
                for each in choices
            ],
        },
        joined(*lines),
    )


def questions(
    out: Annotated[
        Output, output_argument(help="Berkas jawaban baru / new answers file", form=CHARTER)
    ],
) -> None:
    """Tulis contoh jawaban, dengan pertanyaannya / write example answers, with the questions."""
    from datetime import UTC, datetime

    from policy.starter.questions import example

    console.result({"file": str(out)}, out.write(example(datetime.now(UTC).date())))


def _questions(out: Output) -> BadInput:
    line = console.command_line
    first = line("padan-policy", "charter", "questions", "answers.yaml")
    then = line("padan-policy", "charter", "new", out, "--answers", "answers.yaml")
    return BadInput(
        PolicyCode.CHARTER_QUESTIONS,
        Words("Tidak ada yang dapat ditanya di sini.", "There is nobody here to be asked."),
        Words(
            f"Tulis jawabannya: {first}. Lalu: {then}. Templat kosong: --template.",
            f"Write the answers: {first}. Then: {then}. An empty template: --template.",
        ),
    )
