"""The charter: what the parties agreed, as data that decides.

    1. A charter is canonical JSON; people write it as YAML in two languages.
    2. It is in force when every party signed the same bytes and today lies
       within its validity and within that of its lawful basis and DPIA.
    3. Its encoding terms (purpose, parties, fields, schema, rules, profile) are
       bound into every key: who changes them starts a new epoch.

The regulation behind each field is named beside it in policy/templates/charter.yaml.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, StringConstraints, ValidationError, model_validator

from policy.canonical import HexDigest, Identifier, Model, canonical_json, sha256
from policy.errors import BadInput
from policy.files import read_file
from policy.words import Words

FieldKind = Literal[
    "name", "text", "date", "sex", "digits", "nik", "kk", "place", "postal", "address", "rtrw"
]
Residence = Literal["domicile", "registration"]
Profile = Literal["plain", "salted", "saul-k3", "salted+saul-k3", "salted+saul-k4", "compound-1"]
Ground = Literal["consent", "contract", "legal-obligation", "vital-interest", "public-task"]

# A normalised column: a field's name, or with a part of it (lahir.year, nama.sound).
Column = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,62}$")]

CHARTER_TYPE = "padan/charter"
# The one profile whose encodings say by themselves how each is salted and voted.
COMPOUND = "compound-1"


class Bilingual(Model):
    """A text that people read."""

    id: str = Field(min_length=1, max_length=2000)
    en: str = Field(min_length=1, max_length=2000)


class Purpose(Model):
    """Why persons are matched (UU PDP art. 16(2)); `code` is bound into the keys."""

    code: Identifier
    text: Bilingual
    valid_from: date
    valid_until: date


class Citation(Model):
    """A regulation, with the days on which it can carry the purpose."""

    text: str = Field(min_length=1, max_length=300)
    valid_from: date | None = None
    valid_until: date | None = None


class LawfulBasis(Model):
    """UU PDP art. 20(2)."""

    ground: Ground
    citations: tuple[Citation, ...] = Field(min_length=1)


class Dpia(Model):
    """The data protection impact assessment (UU PDP art. 34)."""

    reference: str = Field(min_length=1, max_length=200)
    sha256: HexDigest
    valid_until: date


class Party(Model):
    """An agency that takes part, with its contact for data subjects."""

    member: Identifier
    role: Literal["walidata", "produsen-data", "pembina-data"]
    contact: str = Field(min_length=1, max_length=200)


class Dataset(Model):
    """One list of one party. The count window bounds what may be uploaded (T7)."""

    id: Identifier
    owner: Identifier
    title: Bilingual
    data_class: Literal["umum", "spesifik"]
    rows_min: int = Field(ge=1)
    rows_max: int = Field(ge=1)


class LinkageField(Model):
    """One field that the encoder may read; everything else stays untouched.

    `residence` says whose address it is: where people live (Regsosek, Carik) or where they
    are registered (Dukcapil). None leaves it open.
    """

    name: Identifier
    kind: FieldKind
    residence: Residence | None = None


class Encoding(Model):
    """One named encoding of every row, by a clkhash v3 linkage schema.

    Under the profile compound-1, `salt` names the columns that must agree exactly before
    two rows can look alike at all, and `rounds` how many majorities make one bit. Under
    all other profiles both stay as they are by default.

    With `tag_bits` a row carries a block tag of so many bits, keyed by the values of the `tag`
    columns, and by this encoding only rows of one tag are compared. Short tags are shared by
    many strangers and say little; see docs/explanation/candidate-search.md.
    """

    name: Identifier
    linkage_schema: dict[str, Any]
    salt: tuple[Column, ...] = ()
    rounds: int = Field(default=0, ge=0, le=8)
    tag: tuple[Column, ...] = ()
    tag_bits: int = Field(default=0, ge=0, le=16)


class Canaries(Model):
    """Secret synthetic rows a dataset: some match in all datasets, some in none (T17)."""

    pairs: int = Field(ge=0, le=10_000)
    singles: int = Field(ge=0, le=10_000)

    @property
    def total(self) -> int:
        return self.pairs + self.singles


class EncodingTerms(Model):
    """How rows become encodings."""

    rules_digest: HexDigest
    profile: Profile
    nik_leg: Literal["on", "off"]
    canaries: Canaries
    test_records: int = Field(ge=16, le=10_000)
    encodings: tuple[Encoding, ...] = Field(min_length=1, max_length=12)


class Matching(Model):
    """Thresholds in parts per million of the Dice coefficient.

    An encoding without a threshold only serves the floor of the NIK leg. Under
    `one-to-one` a match ID stands on one row of each dataset at most; under `one-to-many`
    the rows of a dataset that are one person all carry it, so all datasets of every
    domain learn membership.

    With `sampling_recall_ppm` rows of encodings without tags are not all compared: sampled bits
    choose, so that this share of the pairs right at the threshold is expected to be found.
    """

    thresholds_ppm: dict[Identifier, int]
    nik_floor_ppm: int = Field(ge=1, le=1_000_000)
    sampling_recall_ppm: int | None = Field(default=None, ge=500_000, le=999_999)
    cardinality: Literal["one-to-one", "one-to-many"] = "one-to-one"


class Domain(Model):
    """An ID domain: rows of these datasets that belong together share a match ID.

    Datasets under `learn` see which of their rows matched. All others receive a
    private index: an ID for every row, so that they learn nothing.
    """

    id: Identifier
    datasets: tuple[Identifier, ...] = Field(min_length=2)
    learn: tuple[Identifier, ...] = Field(min_length=1)


class ReleaseTerms(Model):
    """What must hold before match IDs leave the service."""

    minimum_cell: int = Field(ge=5)
    empty_cell_allowed: bool
    approvals: int = Field(ge=2)
    stage_valid_days: int = Field(ge=1, le=90)


class Budget(Model):
    """What may be asked in one epoch. Refused runs and releases are spent as well."""

    runs: int = Field(ge=1)
    releases: int = Field(ge=1)


class Witnesses(Model):
    """Who cosigns the log, and how many must before the next step."""

    members: tuple[Identifier, ...] = Field(min_length=1)
    quorum: int = Field(ge=1)


class Retention(Model):
    """When everything ends (UU PDP art. 42-44; UU 43/2009)."""

    jra: str = Field(min_length=1, max_length=100)
    encodings_until: date
    releases_until: date


class Charter(Model):
    """The whole agreement of one linkage project."""

    type: Literal["padan/charter"] = "padan/charter"
    version: int = Field(ge=1)
    project: Identifier
    epoch: int = Field(ge=1)
    title: Bilingual
    valid_from: date
    valid_until: date
    purpose: Purpose
    lawful_basis: LawfulBasis
    dpia: Dpia
    authorities: tuple[Identifier, Identifier]
    parties: tuple[Party, ...] = Field(min_length=2)
    datasets: tuple[Dataset, ...] = Field(min_length=2)
    fields: tuple[LinkageField, ...] = Field(min_length=1)
    encoding: EncodingTerms
    matching: Matching
    domains: tuple[Domain, ...] = Field(min_length=1)
    release: ReleaseTerms
    budget: Budget
    witnesses: Witnesses
    auditors: tuple[Identifier, ...]
    retention: Retention

    @model_validator(mode="after")
    def _consistent(self) -> Charter:
        _require(_distinct(self.party_ids), "a party is named twice")
        _require(_distinct(self.dataset_ids), "a dataset is named twice")
        _require(_distinct([f.name for f in self.fields]), "a field is named twice")
        _require(_distinct([e.name for e in self.encoding.encodings]), "an encoding repeats")
        _require(_distinct([d.id for d in self.domains]), "a domain is named twice")
        _require(
            {d.owner for d in self.datasets} == set(self.party_ids),
            "every party owns a dataset and every dataset is owned by a party",
        )
        _require(
            set(self.matching.thresholds_ppm) <= {e.name for e in self.encoding.encodings}
            and bool(self.matching.thresholds_ppm),
            "thresholds are for encodings of this charter, for one or more",
        )
        compound = self.encoding.profile == COMPOUND
        _require(
            all(bool(e.salt) == bool(e.rounds) == compound for e in self.encoding.encodings),
            "encodings name salt and rounds under the profile compound-1, and under no other",
        )
        _require(
            all(bool(e.tag) == bool(e.tag_bits) for e in self.encoding.encodings),
            "an encoding names the columns of its tag and the tag's bits, or neither",
        )
        # Rows of other salts are not alike in any case: such a tag loses nobody.
        _require(
            not compound or all(set(e.tag) <= set(e.salt) for e in self.encoding.encodings),
            "under compound-1 the columns of a tag are salt columns of its encoding",
        )
        _require(
            all(0 < t <= 1_000_000 for t in self.matching.thresholds_ppm.values()),
            "thresholds lie in 1..1000000 ppm",
        )
        for domain in self.domains:
            _require(
                _distinct(domain.datasets) and set(domain.datasets) <= set(self.dataset_ids),
                f"domain {domain.id} names datasets of this charter, each once",
            )
            # In a private index two rows of one ID would tell that both matched.
            _require(
                self.matching.cardinality == "one-to-one"
                or set(domain.learn) == set(domain.datasets),
                f"domain {domain.id}: under one-to-many all its datasets learn membership",
            )
            _require(
                set(domain.learn) <= set(domain.datasets),
                f"domain {domain.id}: only its datasets can learn membership",
            )
        for dataset in self.datasets:
            _require(dataset.rows_min <= dataset.rows_max, f"{dataset.id}: rows_min <= rows_max")
        niks = [f for f in self.fields if f.kind == "nik"]
        _require(len(niks) <= 1, "at most one field is of kind nik")
        _require(
            bool(niks) or self.encoding.nik_leg == "off",
            "nik_leg is on but no field is of kind nik",
        )
        _require(
            _distinct(self.witnesses.members)
            and set(self.party_ids) <= set(self.witnesses.members)
            and self.witnesses.quorum <= len(self.witnesses.members),
            "all parties are witnesses and the quorum does not exceed them",
        )
        _require(self.valid_from <= self.valid_until, "valid_from <= valid_until")
        return self

    @property
    def party_ids(self) -> tuple[str, ...]:
        return tuple(party.member for party in self.parties)

    @property
    def dataset_ids(self) -> tuple[str, ...]:
        return tuple(dataset.id for dataset in self.datasets)

    @property
    def nik_field(self) -> str | None:
        """The field that feeds the NIK leg; None if the leg is off."""
        if self.encoding.nik_leg == "off":
            return None
        return next(field.name for field in self.fields if field.kind == "nik")

    def dataset(self, dataset_id: str) -> Dataset:
        for dataset in self.datasets:
            if dataset.id == dataset_id:
                return dataset
        raise unknown_in_charter("dataset", dataset_id)

    def domain(self, domain_id: str) -> Domain:
        for domain in self.domains:
            if domain.id == domain_id:
                return domain
        raise unknown_in_charter("domain", domain_id)

    def datasets_of(self, member: str) -> tuple[Dataset, ...]:
        return tuple(dataset for dataset in self.datasets if dataset.owner == member)

    def terms_digest(self) -> str:
        """The encoding terms that every key is bound to."""
        return sha256(
            canonical_json(
                {
                    "type": "padan/encoding-terms",
                    "version": 1,
                    "project": self.project,
                    "epoch": self.epoch,
                    "purpose": self.purpose.code,
                    "parties": sorted(self.party_ids),
                    "datasets": sorted(self.dataset_ids),
                    "fields": [field.model_dump(mode="json") for field in self.fields],
                    "encoding": self.encoding.model_dump(mode="json"),
                }
            )
        )


def load_charter(path: Path) -> Charter:
    """A charter from YAML or canonical JSON; raises BadInput that names the field.

    `encodings: {file: NAME}` and `linkage_schema: {file: NAME}` in YAML are replaced by
    that file beside it.
    """
    try:
        tree = yaml.safe_load(read_file(path).decode("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        raise BadInput(
            "charter.syntax",
            Words(f"{path} bukan YAML UTF-8 yang sah.", f"{path} is not valid UTF-8 YAML."),
            Words("Periksa indentasi dan tanda petik.", "Check indentation and quotes."),
        ) from None
    return parse_charter(json.dumps(_with_schemas(tree, path.parent), default=str).encode(), path)


def parse_charter(data: bytes, source: Path | str = "charter") -> Charter:
    """A charter from JSON; raises BadInput that names field and rule, not the value."""
    try:
        return Charter.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "charter"
        raise BadInput(
            "charter.field",
            Words(
                f"{source}: bagian '{where}' tidak sesuai: {first['msg']}.",
                f"{source}: '{where}' does not fit: {first['msg']}.",
            ),
            Words(
                "Bandingkan dengan 'padan-policy charter new' dan 'padan-policy charter schema'.",
                "Compare with 'padan-policy charter new' and 'padan-policy charter schema'.",
            ),
        ) from None


def unknown_in_charter(noun: str, name: str) -> BadInput:
    return BadInput(
        f"charter.unknown-{noun}",
        Words(f"Piagam tidak memuat {noun} '{name}'.", f"The charter has no {noun} '{name}'."),
        Words("Periksa ejaannya di piagam.", "Check its spelling in the charter."),
    )


def _with_schemas(tree: Any, folder: Path) -> Any:
    terms = tree.get("encoding") if isinstance(tree, dict) else None
    if not isinstance(terms, dict):
        return tree
    encodings = terms.get("encodings")
    if isinstance(encodings, dict) and set(encodings) == {"file"}:
        encodings = terms["encodings"] = _read_schema(folder / str(encodings["file"]))
    for encoding in encodings if isinstance(encodings, list) else []:
        schema = encoding.get("linkage_schema") if isinstance(encoding, dict) else None
        if isinstance(schema, dict) and set(schema) == {"file"}:
            encoding["linkage_schema"] = _read_schema(folder / str(schema["file"]))
    return tree


def _read_schema(path: Path) -> Any:
    """A linkage schema, or a list of encodings; JSON is YAML."""
    try:
        return yaml.safe_load(read_file(path))
    except yaml.YAMLError:
        raise BadInput(
            "schema.syntax",
            Words(f"{path} bukan JSON atau YAML yang sah.", f"{path} is not valid JSON or YAML."),
            Words("Perbaiki berkas skema itu.", "Correct the schema file."),
        ) from None


def _distinct(names: Any) -> bool:
    return len(set(names)) == len(tuple(names))


def _require(holds: bool, rule: str) -> None:
    if not holds:
        raise ValueError(rule)
