"""Why persons may be matched: purpose, lawful basis, agreements, impact assessment."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from policy.base.canonical import HexDigest, Identifier, Model
from policy.charter.probe_report import FLOORS, Floor, ProbeFloors
from policy.charter.words import Bilingual

Ground = Literal["consent", "contract", "legal-obligation", "vital-interest", "public-task"]
# The five uses of population data (UU 24/2013 Ps. 58(4)).
Category = Literal["public-service", "planning", "budget", "democracy", "law-enforcement"]
AgreementKind = Literal["pks", "nda", "mou", "joint-control", "processing"]


class Purpose(Model):
    """Why persons are matched (UU PDP art. 16(2)); `code` is bound into the keys."""

    code: Identifier
    category: Category | None = None
    text: Bilingual
    valid_from: date
    valid_until: date


class Citation(Model):
    """A regulation, with the days on which it can justify the purpose."""

    text: str = Field(min_length=1, max_length=300)
    valid_from: date | None = None
    valid_until: date | None = None


class LawfulBasis(Model):
    """The lawful basis (UU PDP art. 20(2))."""

    ground: Ground
    citations: tuple[Citation, ...] = Field(min_length=1)


class Agreement(Model):
    """A signed paper between members: its number, its digest, and its days of validity.

    pks: cooperation; nda: confidentiality; mou: understanding; joint-control: roles of joint
    controllers (UU PDP art. 18); processing: the processor's order (UU PDP art. 51, 52).
    """

    kind: AgreementKind
    number: str = Field(min_length=1, max_length=120)
    parties: tuple[Identifier, ...] = Field(min_length=2)
    sha256: HexDigest
    valid_from: date
    valid_until: date


class Exemption(Model):
    """An excepted right of data subjects, always named and never a default (UU PDP art. 15)."""

    article: str = Field(min_length=1, max_length=120)
    text: Bilingual


class DpiaScope(Model):
    """What the assessment looked at; it covers nothing else that the charter asks for.

    `terms` is the digest of the charter's encoding terms, `charter` that of the whole charter
    without dates and contacts; the second law asks for both.
    """

    purpose: Identifier
    parties: tuple[Identifier, ...]
    datasets: tuple[Identifier, ...]
    terms: HexDigest
    charter: HexDigest | None = Field(default=None, exclude_if=lambda digest: digest is None)


class Trigger(Model):
    """Why the assessment is required, in its own words: a letter of UU PDP art. 34(2).

    a: decisions by machine alone, with legal or significant effect; b: specific data; c: large
    scale; d: scoring or monitoring; e: matching; f: new technology; g: limits rights.
    """

    letter: Literal["a", "b", "c", "d", "e", "f", "g"]
    text: Bilingual


class Dpia(Model):
    """The data protection impact assessment (UU PDP art. 34).

    `probe` is the digest of the cited probe report, as `padan-encoder probe` wrote it.
    `probe_floors` sets higher floors for that report than Padan does. `triggers` says why the
    assessment is required if the rest of the charter does not show it. A charter without
    `probe_floors` and `triggers` keeps its earlier canonical form, so that its digest stays.
    """

    reference: str = Field(min_length=1, max_length=200)
    sha256: HexDigest
    valid_until: date
    scope: DpiaScope | None = None
    probe: HexDigest | None = None
    probe_floors: ProbeFloors | None = Field(default=None, exclude_if=lambda asked: asked is None)
    triggers: tuple[Trigger, ...] = Field(default=(), exclude_if=lambda named: not named)

    @property
    def floors(self) -> tuple[Floor, ...]:
        """The floors that the probes' figures must meet."""
        return FLOORS if self.probe_floors is None else self.probe_floors.floors()


class Dukcapil(Model):
    """The agreement for queries of population data (Permendagri 102/2019).

    The answer is yes or no for every row, and none of it is stored.
    """

    pks_number: str = Field(min_length=1, max_length=120)
    valid_until: date
    output: Literal["yes-no"] = "yes-no"
