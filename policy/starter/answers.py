"""What people answer about a linkage, in plain words: the file from which a charter is drafted.

The file is YAML. `padan-policy charter new` and the local page ask the questions and write it; a
script gives it as `--answers FILE`. Everything that can be computed is not in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from policy.base.canonical import Identifier, Model
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.files import read_file
from policy.base.words import Words
from policy.charter.basis import Category
from policy.charter.data import Source
from policy.charter.words import Bilingual

Line = Annotated[str, Field(min_length=1, max_length=300)]
# One text for both languages, or one for each.
Text = Line | Bilingual
FEWEST_PEOPLE = 40


class AgencyAnswer(Model):
    """An agency that brings a list. `publishes`: it is the walidata of its own data.

    `officer` is the member id of its data protection officer, if that person is of another agency.
    `superior` is the agency that can give it orders.
    """

    id: Identifier
    name: Line
    contact: Line
    superior: Identifier | None = None
    publishes: bool = False
    officer: Identifier | None = None


class Third(Model):
    """An agency without a list: it signs the roster and approves releases.

    With `publishes`, it is the walidata of all agencies that do not publish themselves.
    """

    id: Identifier
    name: Line
    contact: Line
    superior: Identifier | None = None
    publishes: bool = True


class OperatorAnswer(Model):
    """Who runs the linkage service, and where its machines are. It owns none of the lists."""

    id: Identifier
    name: Line
    place: Text
    superior: Identifier | None = None


class OwnList(Model):
    """One list. `people` is about how many people are on it.

    `sensitive`: being on it can hurt a person; `specific`: it is specific personal data (UU PDP
    art. 4(2)), such as health or children.
    """

    id: Identifier
    agency: Identifier
    title: Text
    source: Source = "other"
    people: int = Field(ge=FEWEST_PEOPLE, le=300_000_000)
    sensitive: bool = False
    specific: bool = False


class Learns(Model):
    """The owner of `list` learns which of its people are on the lists in `about`."""

    list: Identifier
    about: tuple[Identifier, ...] = Field(min_length=1)


class AttachedPaper(Model):
    """A signed paper: its number, and its file, next to the answers or by an absolute path."""

    number: Line
    file: str = Field(min_length=1, max_length=1000)


class Papers(Model):
    """`cooperation` binds the agencies, `processing` is the order to the operator of the service.

    `assessment` is the data protection impact assessment (DPIA).
    """

    cooperation: AttachedPaper
    processing: AttachedPaper
    assessment: AttachedPaper


class CharterAnswers(Model):
    """All answers about one project."""

    type: Literal["padan/charter-answers"]
    version: Literal[1]
    project: Identifier
    title: Text
    purpose: Text
    category: Category = "public-service"
    laws: tuple[Line, ...] = Field(min_length=1)
    region: Annotated[str, Field(pattern=r"^[0-9]{2}([0-9]{2})?$")]
    starts: date
    ends: date
    agencies: tuple[AgencyAnswer, ...] = Field(min_length=2)
    third: Third | None = None
    operator: OperatorAnswer
    auditor: AgencyAnswer | None = None
    lists: tuple[OwnList, ...] = Field(min_length=2)
    learns: tuple[Learns, ...] = Field(min_length=1)
    papers: Papers
    archive_code: Annotated[str, Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _consistent(self) -> CharterAnswers:
        broken = list(_contradictions(self))
        if broken:
            raise ValueError(
                json.dumps([[each.id for each in broken], [each.en for each in broken]])
            )
        return self

    def list(self, name: str) -> OwnList:
        return next(each for each in self.lists if each.id == name)

    @property
    def agency_ids(self) -> tuple[str, ...]:
        return tuple(each.id for each in self.agencies)


def _contradictions(answers: CharterAnswers) -> Iterator[Words]:
    agencies, lists = answers.agency_ids, [each.id for each in answers.lists]
    others = [each.id for each in (answers.third, answers.operator, answers.auditor) if each]
    if len({*agencies, *others}) != len(agencies) + len(others):
        yield Words(
            "setiap instansi, pengelola layanan, dan auditor punya id sendiri",
            "every agency, the operator and the auditor have ids of their own",
        )
    if len(set(lists)) != len(lists):
        yield Words("setiap daftar punya id sendiri", "every list has an id of its own")
    if {each.agency for each in answers.lists} != set(agencies):
        yield Words(
            "setiap instansi membawa daftar, dan setiap daftar milik satu instansi itu",
            "every agency brings a list, and every list belongs to one of these agencies",
        )
    if len(agencies) == 2 and answers.third is None:
        yield Words(
            "dengan dua instansi perlu instansi ketiga (third), yang ikut menyetujui rilis",
            "with two agencies it takes a third one (third), which approves releases too",
        )
    named = {name for each in answers.learns for name in (each.list, *each.about)}
    if not named <= set(lists) or any(each.list in each.about for each in answers.learns):
        yield Words(
            "learns menyebut daftar yang ada di lists, masing-masing lawan daftar lain",
            "learns names lists that are in lists, each against other lists",
        )
    if answers.ends < answers.starts:
        yield Words("hari terakhir sesudah hari pertama", "the last day comes after the first")


def load_answers(path: Path) -> CharterAnswers:
    """The answers in this file; raises BadInput that names what is missing or wrong."""
    try:
        tree = yaml.safe_load(read_file(path).decode("utf-8"))
        data = json.dumps(tree, default=str)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        raise BadInput(
            PolicyCode.ANSWERS_SYNTAX,
            Words(f"{path} bukan YAML UTF-8 yang sah.", f"{path} is not valid UTF-8 YAML."),
            Words("Periksa indentasi dan tanda petik.", "Check indentation and quotes."),
        ) from None
    return parse_answers(data, str(path))


def parse_answers(data: str, source: str) -> CharterAnswers:
    """The answers in this JSON; raises BadInput that names questions and never values."""
    try:
        return CharterAnswers.model_validate_json(data)
    except ValidationError as error:
        told = _misfits(error)
        raise BadInput(
            PolicyCode.ANSWERS_FIELD,
            Words(
                f"{source}, jawaban yang kurang atau tidak sesuai: {told.id}.",
                f"{source}, answers that are missing or do not fit: {told.en}.",
            ),
            Words(
                "Contoh lengkap dengan penjelasan: padan-policy charter questions BERKAS.",
                "A full example with explanations: padan-policy charter questions FILE.",
            ),
        ) from None


def _misfits(error: ValidationError) -> Words:
    indonesian, english = [], []
    for each in error.errors(include_url=False, include_input=False):
        place = ".".join(str(part) for part in each["loc"] if not _is_tag(part))
        cause = each.get("ctx", {}).get("error")
        if each["type"] == "value_error" and cause is not None:
            both = json.loads(str(cause))
            indonesian += both[0]
            english += both[1]
        elif each["type"] == "missing":
            indonesian.append(f"{place} belum dijawab")
            english.append(f"{place} is not answered")
        else:
            indonesian.append(f"{place} tidak sesuai")
            english.append(f"{place} does not fit")
    return Words("; ".join(dict.fromkeys(indonesian)), "; ".join(dict.fromkeys(english)))


def _is_tag(part: object) -> bool:
    """Whether pydantic added this part to a path to name one type of several."""
    return part == "Bilingual" or str(part).startswith("constrained-str")


def in_both(text: Text) -> Bilingual:
    """A text in both languages; one that was written once is the same in both."""
    return text if isinstance(text, Bilingual) else Bilingual(id=text, en=text)


def as_yaml(answers: CharterAnswers) -> bytes:
    """The answers as the file that `load_answers` reads."""
    tree = answers.model_dump(mode="json", exclude_defaults=False, exclude_none=True)
    return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=100).encode()
