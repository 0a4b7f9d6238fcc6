"""Whole linkages by their own commands, from the agencies' files to the written lists.

`Linkage` is a test programme with other lists: four of the six at a time. A recipient who was told
about five lists would have cells of a few people, and the release gate refuses those. Thresholds
are those of the Jakarta charter, encodings those of `padan-encoder schema padan-id-5 --rows N`. The
service is a process of its own.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from encoder.synthetic import SOURCES, write_sources
from tests.benchmarks.quality.sources import mapping_of
from tests.support.programme import PROJECT, Answer, Programme, command

RUN, RELEASE, ATTRIBUTE, COLUMN = "padan-1", "rilis-1", "atribut-1", "desil_nasional"
SENT = ("dtks", "regsosek")  # the pair under whose match IDs the column is sent
# PPKS is 1.5 % of residents: as many people as DTKS are taken, to have pairs to judge.
SHARES = {"ppks": 0.35}
_APPROVERS = ("bps-approver", "dinsos-approver", "dppapp-approver")
_TILE_ROWS = 20_000
_TIMES = "times.json"


@dataclass(frozen=True)
class Part:
    """Who holds which list, and who is told about whom: the list that is written comes first."""

    owners: Mapping[str, str]
    pairs: tuple[tuple[str, str], ...]


# Every two of six lists once. Nobody holds two lists of a pair, or two lists that are told: who can
# join their own lists by NIK would have cells of a few people.
PARTS = (
    Part(
        {"dtks": "dinsos", "carik": "dppapp", "regsosek": "bps", "dtsen": "bps"},
        (("dtks", "regsosek"), ("dtks", "carik"), ("dtks", "dtsen"), ("carik", "dtsen")),
    ),
    Part(
        {"ppks": "bps", "p3ke": "dppapp", "dtks": "dinsos", "carik": "dinsos"},
        (
            ("ppks", "dtks"),
            ("ppks", "carik"),
            ("ppks", "p3ke"),
            ("p3ke", "dtks"),
            ("p3ke", "carik"),
        ),
    ),
    Part(
        {"ppks": "dinsos", "p3ke": "dppapp", "regsosek": "bps", "dtsen": "bps"},
        (("ppks", "regsosek"), ("ppks", "dtsen"), ("p3ke", "regsosek"), ("p3ke", "dtsen")),
    ),
    Part(
        {"carik": "dppapp", "regsosek": "bps", "dtsen": "dinsos"},
        (("carik", "regsosek"), ("regsosek", "dtsen")),
    ),
)


def domain(pair: tuple[str, str]) -> str:
    return "-".join(pair)


@dataclass
class Linkage:
    """The homes and files of one linkage under a folder; `seconds` by step, in order."""

    folder: Path
    persons: int
    seed: int
    part: Part = PARTS[0]
    seconds: dict[str, float] = field(default_factory=dict)
    service_peak: int = 0

    def __post_init__(self) -> None:
        self._programme = Programme(self.folder, self.persons, tile_rows=_TILE_ROWS)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        return self.part.pairs

    @property
    def sources(self) -> Path:
        return self.folder / "sources"

    def list_of(self, dataset: str, people: str) -> Path:
        """The by-name-by-address list that was written, of people found or not-found."""
        return self.folder / "lists" / f"{dataset}-{people}.csv"

    def ids_of(self, pair: tuple[str, str], dataset: str) -> Path:
        return self.folder / "ids" / f"{domain(pair)}-{dataset}.csv"

    def is_done(self) -> bool:
        """Whether this folder has a finished linkage; its times are read again."""
        path = self.folder / _TIMES
        if path.exists():
            times = json.loads(path.read_text())
            self.seconds, self.service_peak = times["seconds"], times["service_peak"]
        return path.exists()

    def run(self) -> None:
        """Every step, each by its command."""
        with self._step("synth"):
            names = tuple(self.part.owners)
            write_sources(self.sources, self.persons, self.seed, names, shares=SHARES)
        with self._step("identities and roster"):
            self._programme.found_members()
            roster = str(self.folder / "roster.json")
            self._programme.join("service", "--roster", roster)
        process = self._programme.serve_process()
        try:
            self._linked()
            self.service_peak = _peak(process.pid)
        finally:
            process.terminate()
            process.wait()
        times = {"seconds": self.seconds, "service_peak": self.service_peak}
        (self.folder / _TIMES).write_text(json.dumps(times))

    def _linked(self) -> None:
        programme = self._programme
        with self._step("charter"):
            programme.sign_charter(self._charter())
        with self._step("prepare"):
            for dataset, owner in self.part.owners.items():
                source, mapping = self.sources / f"{dataset}.csv", mapping_of(dataset)
                files = (str(source), "--mapping", str(mapping))
                programme.run(owner, "padan-encoder", "prepare", PROJECT, dataset, *files)
        with self._step("keys"):
            for name in ("commit", "reveal", "confirm"):
                programme.each("padan-encoder", name, PROJECT)
                programme.witness()
        with self._step("encode"):
            programme.each("padan-encoder", "encode", PROJECT)
        with self._step("upload"):
            programme.each("padan-encoder", "upload", PROJECT)
        with self._step("match"):
            programme.match(RUN)
        with self._step("stage and release"):
            self._release()
        with self._step("open"):
            programme.each("padan-encoder", "open", PROJECT, RELEASE)
        if SENT in self.pairs:
            with self._step("attributes"):
                self._share_attributes()
        with self._step("list"):
            self._write_lists()
        self._write_ids()

    def _charter(self) -> dict[str, Any]:
        tree = self._programme.charter_tree()
        shipped = {each["id"]: each for each in tree["datasets"]}
        tree["datasets"] = [
            {**shipped.get(name, _like(shipped["regsosek"], name)), "owner": owner}
            for name, owner in self.part.owners.items()
        ]
        tree["domains"] = [
            {"id": domain(pair), "datasets": list(pair), "learn": [pair[0]]} for pair in self.pairs
        ]
        tree["dpia"]["scope"]["datasets"] = list(self.part.owners)
        tree["release"]["empty_cell_allowed"] = True
        tree["attributes"] = [_permit()] if SENT in self.pairs else []
        encodings = self.folder / "padan-id-5-tagged.yaml"
        rows = str(self.persons)
        made = command(
            "padan-encoder", "schema", "padan-id-5", "--rows", rows, "--out", str(encodings)
        )
        assert made.code == 0, made.err
        tree["encoding"]["encodings"] = {"file": encodings.name}
        return tree

    def _release(self) -> None:
        programme, domains = self._programme, tuple(map(domain, self.pairs))
        try:
            programme.release(RELEASE, RUN, *_APPROVERS, *self._officers(), domains=domains)
        except AssertionError as refused:
            if "release.cells" in str(refused):
                raise SystemExit(
                    "The release gate refused: with so few persons a cell has fewer than 5."
                    " Take --persons 10000 or more."
                ) from None
            raise
        programme.witness()

    def _officers(self) -> tuple[str, ...]:
        """The data protection officer of who holds PPKS, which is sensitive."""
        owner = self.part.owners.get("ppks")
        return () if owner is None else (f"{owner}-dpo",)

    def _share_attributes(self) -> None:
        programme, pair = self._programme, SENT
        where = (RELEASE, "--domain", domain(pair), "--from", pair[1], "--name", ATTRIBUTE)
        asked = ("request-attributes", PROJECT, *where, "--column", COLUMN)
        programme.run("bps", "padan-policy", *asked)
        programme.witness()
        for voter in ("bps-approver", "bps-dpo"):
            programme.run(voter, "padan-policy", "approve-attributes", PROJECT, ATTRIBUTE)
        programme.witness()
        programme.run("bps", "padan-encoder", "share", PROJECT, ATTRIBUTE)
        programme.witness()
        programme.run("dinsos", "padan-encoder", "open-attributes", PROJECT, ATTRIBUTE)

    def _write_lists(self) -> None:
        (self.folder / "lists").mkdir()
        for dataset in dict.fromkeys(pair[0] for pair in self.pairs):
            for people in ("found", "not-found"):
                out = str(self.list_of(dataset, people))
                self._encoder("list", dataset, "--people", people, "--out", out)

    def _write_ids(self) -> None:
        (self.folder / "ids").mkdir()
        for pair in self.pairs:
            for dataset in pair:
                out = str(self.ids_of(pair, dataset))
                self._encoder("ids", dataset, "--domain", domain(pair), "--out", out)

    def _encoder(self, name: str, dataset: str, *options: str) -> Answer:
        words = (name, PROJECT, RELEASE, dataset, *options)
        return self._programme.run(self.part.owners[dataset], "padan-encoder", *words)

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - started


def _like(dataset: dict[str, Any], name: str) -> dict[str, Any]:
    """Another list in the charter, held under the same terms."""
    title = {"id": name.upper(), "en": name.upper()}
    return {**dataset, "id": name, "source": name, "title": title}


def _permit() -> dict[str, Any]:
    """BPS may send Dinas Sosial the welfare decile of people in both lists."""
    title = {"id": "Desil nasional", "en": "National decile"}
    return {
        "dataset": SENT[1],
        "recipient": "dinsos",
        "columns": [{"name": COLUMN, "title": title, "data_class": "umum", "bytes": 16}],
        "purpose": {"id": "Menyasar bantuan", "en": "Aiming aid"},
        "citations": [{"text": "Perpres 39/2019 tentang Satu Data Indonesia"}],
        "confidentiality": {"text": "PKS/BPS/CONTOH/003"},
    }


def _peak(pid: int) -> int:
    """The most memory that a process had, in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def profiles_of(pair: tuple[str, str]) -> str:
    return "".join(SOURCES[name].profile for name in pair)
