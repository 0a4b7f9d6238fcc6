"""The whole agreement of one project, and the consistency of its parts."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, model_validator

from policy.base.canonical import DigestedOnce, Identifier, canonical_json
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.charter.attributes import SharedAttributes
from policy.charter.basis import Agreement, Dpia, Dukcapil, Exemption, LawfulBasis, Purpose
from policy.charter.consistency import contradictions
from policy.charter.data import Dataset, LinkageField, Region
from policy.charter.encoding import EncodingTerms, Matching
from policy.charter.misfits import contradictory
from policy.charter.parties import LinkageUnit, Party, Walidata, Witnesses
from policy.charter.release import Budget, Domain, ReleaseTerms, Retention
from policy.charter.words import Bilingual

# The laws by which a project's log can be judged, oldest first (policy/law, policy/gates/rules).
LawId = Literal["padan-law-1", "padan-law-2", "padan-law-3"]
LAWS: tuple[LawId, ...] = get_args(LawId)
FIRST_LAW, LATEST_LAW = LAWS[0], LAWS[-1]


class Charter(DigestedOnce):
    """The whole agreement of one linkage project.

    `law` names the rules by which the project's log is judged, now and always. A charter without it
    has the first law, and its canonical form is the one from before there were other laws.

    `dropped` names parties of an earlier version that fell silent before there were keys, and that
    all other parties removed together.

    `agency_names` are the names of the agencies by the ids of their members here, as pages and
    papers call them; the roster names the people who have the keys.
    """

    type: Literal["padan/charter"] = "padan/charter"
    law: LawId = Field(default=FIRST_LAW, exclude_if=lambda law: law == FIRST_LAW)
    version: int = Field(ge=1)
    project: Identifier
    epoch: int = Field(ge=1)
    title: Bilingual
    valid_from: date
    valid_until: date
    purpose: Purpose
    lawful_basis: LawfulBasis
    agreements: tuple[Agreement, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    dpia: Dpia
    dukcapil: Dukcapil | None = None
    region: Region | None = None
    authorities: tuple[Identifier, Identifier]
    parties: tuple[Party, ...] = Field(min_length=2)
    dropped: tuple[Identifier, ...] = Field(default=(), exclude_if=lambda names: not names)
    agency_names: dict[Identifier, Annotated[str, Field(min_length=1, max_length=300)]] = Field(
        default_factory=dict, exclude_if=lambda names: not names
    )
    walidata: tuple[Walidata, ...] = Field(default=(), exclude_if=lambda named: not named)
    linkage_unit: LinkageUnit | None = None
    datasets: tuple[Dataset, ...] = Field(min_length=2)
    fields: tuple[LinkageField, ...] = Field(min_length=1)
    encoding: EncodingTerms
    matching: Matching
    domains: tuple[Domain, ...] = Field(min_length=1)
    release: ReleaseTerms
    attributes: tuple[SharedAttributes, ...] = Field(default=(), exclude_if=lambda each: not each)
    budget: Budget
    witnesses: Witnesses
    auditors: tuple[Identifier, ...]
    retention: Retention

    @model_validator(mode="after")
    def _consistent(self) -> Charter:
        broken = tuple(contradictions(self))
        if broken:
            raise contradictory(broken)
        return self

    @property
    def party_ids(self) -> tuple[str, ...]:
        """The member ids of the parties, in the charter's order."""
        return tuple(party.member for party in self.parties)

    @property
    def dataset_ids(self) -> tuple[str, ...]:
        """The ids of the datasets, in the charter's order."""
        return tuple(dataset.id for dataset in self.datasets)

    @property
    def nik_field(self) -> str | None:
        """The field that feeds the NIK leg; None if the leg is off."""
        if self.encoding.nik_leg == "off":
            return None
        return next(field.name for field in self.fields if field.kind == "nik")

    @property
    def salted_by_cards(self) -> frozenset[str]:
        """The encodings whose salt contains a column of the family card."""
        cards = {field.name for field in self.fields if field.kind == "kk"}
        return frozenset(name for name, salt in self.encoding.salted_by.items() if salt & cards)

    def dataset(self, dataset_id: str) -> Dataset:
        """The dataset with this id; raises BadInput if the charter has none."""
        for dataset in self.datasets:
            if dataset.id == dataset_id:
                return dataset
        raise unknown_in_charter(
            PolicyCode.CHARTER_UNKNOWN_DATASET, Words("sumber data", "dataset"), dataset_id
        )

    def domain(self, domain_id: str) -> Domain:
        """The ID domain with this id; raises BadInput if the charter has none."""
        for domain in self.domains:
            if domain.id == domain_id:
                return domain
        raise unknown_in_charter(
            PolicyCode.CHARTER_UNKNOWN_DOMAIN, Words("domain ID", "ID domain"), domain_id
        )

    def party(self, member: str) -> Party:
        """The party that is this member; raises BadInput if the charter has none."""
        for party in self.parties:
            if party.member == member:
                return party
        raise unknown_in_charter(PolicyCode.CHARTER_UNKNOWN_PARTY, Words("pihak", "party"), member)

    def walidata_of(self, party: str) -> str | None:
        """The member that publishes this party's data: the party itself, or a unit named for it."""
        if "walidata" in self.party(party).roles:
            return party
        return next((each.member for each in self.walidata if party in each.parties), None)

    def recipients(self) -> tuple[frozenset[str], ...]:
        """Parties that count as one recipient by the charter; every other party is one alone."""
        together = [frozenset(each) for each in self.release.together]
        alone = set(self.party_ids).difference(*together)
        return (*together, *(frozenset((party,)) for party in sorted(alone)))

    def datasets_of(self, member: str) -> tuple[Dataset, ...]:
        """The datasets that this member owns."""
        return tuple(dataset for dataset in self.datasets if dataset.owner == member)

    def shared(self, dataset: str, recipient: str) -> SharedAttributes | None:
        """What this dataset's owner may share with this party; None if nothing."""
        pairs = {(each.dataset, each.recipient): each for each in self.attributes}
        return pairs.get((dataset, recipient))

    def terms_digest(self) -> str:
        """The digest of the encoding terms, which every key is bound to."""
        return self.digested(
            "terms",
            lambda: canonical_json(
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
            ),
        )

    def assessed_digest(self) -> str:
        """The digest of what an impact assessment covers: no dates, contacts, names and no DPIA.

        The probe floors that the assessment asks for are included.
        """
        return self.digested("assessed", self._assessed)

    def _assessed(self) -> bytes:
        assessed = self.model_dump(mode="json", exclude={"version", "dpia"})
        floors = self.dpia.probe_floors
        return canonical_json(
            {
                "type": "padan/assessed-charter",
                "charter": _without(assessed, _NOT_ASSESSED),
                "probe_floors": None if floors is None else floors.model_dump(mode="json"),
            }
        )

    def encoding_digest(self) -> str:
        """The digest of everything that protects an encoded row; it names what was probed.

        It leaves out all that differs from project to project, so that one report serves all
        charters with the same fields, profile and encodings.
        """
        encoding = self.encoding
        return self.digested(
            "encoding",
            lambda: canonical_json(
                {
                    "type": "padan/probed-encoding",
                    "fields": [field.model_dump(mode="json") for field in self.fields],
                    "profile": encoding.profile,
                    "nik_leg": encoding.nik_leg,
                    "encodings": [each.model_dump(mode="json") for each in encoding.encodings],
                }
            ),
        )


_NOT_ASSESSED = frozenset({"valid_from", "valid_until", "contact", "agency_names"})


def _without(value: Any, names: frozenset[str]) -> Any:
    """A JSON value without the members of these names, at any depth."""
    if isinstance(value, dict):
        return {name: _without(each, names) for name, each in value.items() if name not in names}
    if isinstance(value, list):
        return [_without(each, names) for each in value]
    return value


def unknown_in_charter(code: PolicyCode, what: Words, name: str) -> BadInput:
    """The error for a name that the charter does not have."""
    return BadInput(
        code,
        Words(
            f"Piagam tidak memuat {what.id} '{name}'.", f"The charter has no {what.en} '{name}'."
        ),
        Words("Periksa ejaannya di piagam.", "Check its spelling in the charter."),
    )
