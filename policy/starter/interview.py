"""Asks a person the questions about a linkage, in plain words, and keeps every answer given.

It can be stopped and begun again: what was answered is proposed, and Enter keeps it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import typer

from policy.base.canonical import is_identifier
from policy.base.files import write_file
from policy.base.words import Words
from policy.regions import CODEBOOK, YEAR, has
from policy.starter.answers import FEWEST_PEOPLE
from policy.starter.questions import QUESTIONS, a_year_from, short_id, source_of
from policy.terminal import console

# The answers so far, next to the charter that is to be written.
KEPT = "padan-answers.json"
_MOST_AGENCIES = 6


@dataclass
class Interview:
    """One conversation. `kept` is the file of the answers so far."""

    kept: Path
    folder: Path
    _said: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with suppress(OSError, ValueError):
            self._said = dict(json.loads(self.kept.read_text("utf-8")))

    def tree(self) -> dict[str, Any]:
        """All answers, as the answers file has them."""
        today = datetime.now(UTC).date()
        title = self._text("title")
        project = self._asked(
            "project",
            Words("Id proyek (huruf kecil, angka, tanda hubung)", "The project's id (a-z, 0-9, -)"),
            f"{short_id(title)}-{today.year}",
            lambda text: text if is_identifier(text) else None,
        )
        told: dict[str, Any] = {
            "type": "padan/charter-answers",
            "version": 1,
            "project": project,
            "title": title,
            "purpose": self._text("purpose"),
            "laws": [each.strip() for each in self._text("laws").split(";") if each.strip()],
            "region": self._text("region", check=lambda t: t if _is_region(t) else None),
        }
        told["starts"] = first = self._text("starts", today.isoformat(), _day)
        told["ends"] = self._text("ends", a_year_from(date.fromisoformat(first)).isoformat(), _day)
        told["agencies"], told["lists"] = self._agencies()
        ids = tuple(each["id"] for each in told["agencies"])
        if len(ids) == 2:
            told["third"] = self._office("third", ids)
            ids = (*ids, told["third"]["id"])
        told["operator"] = self._operator(ids)
        if (auditor := self._auditor((*ids, told["operator"]["id"]))) is not None:
            told["auditor"] = auditor
        told["learns"] = list(self._learns(told["agencies"], told["lists"]))
        told["papers"] = {
            name: self._paper(name) for name in ("cooperation", "processing", "assessment")
        }
        told["archive_code"] = self._text("archive_code", "PS.01")
        return told

    # -- groups of questions -----------------------------------------------------------------

    def _agencies(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        count = int(
            self._asked(
                "agencies",
                Words("Berapa instansi membawa daftar?", "How many agencies bring a list?"),
                "2",
                lambda t: t if t.isdecimal() and 2 <= int(t) <= _MOST_AGENCIES else None,
            )
        )
        agencies: list[dict[str, Any]] = []
        lists: list[dict[str, Any]] = []
        for number in range(1, count + 1):
            console.say(Words(f"Instansi {number}", f"Agency {number}"))
            agency = self._office("agency", tuple(each["id"] for each in agencies), number)
            agency["publishes"] = self._yes("agency.publishes", number)
            agencies.append(agency)
            title = self._text("list.title", number=number)
            lists.append(
                {
                    "id": short_id(title, tuple(each["id"] for each in lists)),
                    "agency": agency["id"],
                    "title": title,
                    "source": source_of(title),
                    "people": int(self._text("list.people", check=_people, number=number)),
                    "sensitive": self._yes("list.sensitive", number),
                    "specific": self._yes("list.specific", number),
                }
            )
        return agencies, lists

    def _office(self, kind: str, taken: tuple[str, ...], number: int = 0) -> dict[str, Any]:
        name = self._text(f"{kind}.name", number=number)
        office = {"id": short_id(name, taken), "name": name}
        office["contact"] = self._text(f"{kind}.contact", number=number)
        superior = self._text("agency.superior", "-", number=f"{kind}{number}")
        if superior != "-":
            office["superior"] = short_id(superior)
        return office

    def _operator(self, taken: tuple[str, ...]) -> dict[str, Any]:
        name, place = self._text("operator.name"), self._text("operator.place")
        return {"id": short_id(name, taken), "name": name, "place": place}

    def _auditor(self, taken: tuple[str, ...]) -> dict[str, Any] | None:
        name = self._text("auditor.name", "-")
        if name == "-":
            return None
        contact = self._text("auditor.contact")
        return {"id": short_id(name, taken), "name": name, "contact": contact}

    def _learns(
        self, agencies: list[dict[str, Any]], lists: list[dict[str, Any]]
    ) -> Iterator[dict[str, Any]]:
        names = {each["id"]: each["name"] for each in agencies}
        for each in lists:
            about = [other["id"] for other in lists if other["agency"] != each["agency"]]
            titles = ", ".join(other["title"] for other in lists if other["id"] in about)
            ask = QUESTIONS["learns"].ask
            said = {"agency": names[each["agency"]], "list": each["title"], "about": titles}
            question = Words(ask.id.format(**said), ask.en.format(**said))
            if self._yes("learns", each["id"], question):
                yield {"list": each["id"], "about": about}

    def _paper(self, name: str) -> dict[str, str]:
        question = QUESTIONS[f"papers.{name}"]
        number = Words(f"{question.ask.id}: nomor", f"{question.ask.en}: number")
        file = Words(f"{question.ask.id}: berkas", f"{question.ask.en}: file")
        console.say(question.why)
        return {
            "number": self._asked(f"{name}.number", number, None, lambda t: t or None),
            "file": self._asked(f"{name}.file", file, None, self._file),
        }

    def _file(self, text: str) -> str | None:
        return text if (self.folder / Path(text).expanduser()).is_file() else None

    # -- one question ------------------------------------------------------------------------

    def _text(
        self,
        name: str,
        default: str | None = None,
        check: Callable[[str], str | None] = lambda text: text or None,
        number: int | str = 0,
    ) -> str:
        question = QUESTIONS[name]
        console.say(question.why)
        return self._asked(f"{name}#{number}", question.ask, default, check)

    def _yes(self, name: str, number: int | str, ask: Words | None = None) -> bool:
        question = QUESTIONS[name]
        console.say(question.why)
        key = f"{name}#{number}"
        known = self._said.get(key, "n")
        answer = typer.confirm(str(ask or question.ask), default=known == "y", err=True)
        self._keep(key, "y" if answer else "n")
        return answer

    def _asked(
        self, key: str, ask: Words, default: str | None, check: Callable[[str], str | None]
    ) -> str:
        """Ask until the answer fits, with the earlier answer proposed."""
        while True:
            known = self._said.get(key, default)
            answer = str(typer.prompt(str(ask), default=known, err=True)).strip()
            fitting = check(answer)
            if fitting is not None:
                self._keep(key, fitting)
                return fitting
            console.say(Words("Jawaban itu tidak sesuai.", "That answer does not fit."))

    def _keep(self, key: str, answer: str) -> None:
        self._said[key] = answer
        write_file(self.kept, json.dumps(self._said, ensure_ascii=False, indent=1).encode())


def _is_region(text: str) -> bool:
    return len(text) in (2, 4) and has(text, CODEBOOK, YEAR)


def _day(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _people(text: str) -> str | None:
    plain = text.replace(".", "").replace(",", "")
    return plain if plain.isdecimal() and int(plain) >= FEWEST_PEOPLE else None
