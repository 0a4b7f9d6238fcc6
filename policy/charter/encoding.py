"""How rows become encodings, and how encodings become pairs and groups."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from policy.base.canonical import HexDigest, Identifier, Model

Profile = Literal[
    "plain",
    "salted",
    "saul-k3",
    "salted+saul-k3",
    "salted+saul-k4",
    "compound-1",
    "compound-2",
]

# A normalised column: a field's name, or with a part of it (lahir.year, nama.sound).
Column = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,62}$")]

# The profiles whose encodings say by themselves how each is salted and voted.
COMPOUND = "compound-1"
COMPOUND_2 = "compound-2"
COMPOUNDS = (COMPOUND, COMPOUND_2)


class Encoding(Model):
    """One named encoding of every row, by a clkhash v3 linkage schema.

    Under the compound profiles, `salt` names the columns that must agree exactly before
    two rows can look alike at all, and `rounds` how many majorities make one bit. Under
    all other profiles both stay as they are by default.

    Under compound-2, `split` names columns that must agree as well. They divide the group of a
    salt that many people share, and are no evidence of their own (see `Matching`); where the
    salt's date is one that offices write for an unknown one, so do those of `placeholder_split`.
    `group_max` is the most rows of one list that may share all of these.

    With `tag_bits` a row carries a block tag of so many bits, keyed by the values of the `tag`
    columns, and by this encoding only rows of one tag are compared. Short tags are shared by
    many strangers and say little; see docs/explanation/candidate-search.md.

    Each entry of `contrary` gives a row one contrary code: 16 bytes from which the service sees
    whether two rows contradict each other, if both have the same values in the salt columns and
    in the columns of that entry. See docs/explanation/contrary-evidence.md.
    """

    name: Identifier
    linkage_schema: dict[str, Any]
    salt: tuple[Column, ...] = ()
    rounds: int = Field(default=0, ge=0, le=8)
    tag: tuple[Column, ...] = ()
    tag_bits: int = Field(default=0, ge=0, le=16)
    # Left out of the canonical form if empty: charters without codes keep their digest.
    contrary: tuple[tuple[Column, ...], ...] = Field(
        default=(), max_length=4, exclude_if=lambda ways: not ways
    )
    # Of compound-2 alone, and left out of the canonical form where they are not used.
    split: tuple[Column, ...] = Field(default=(), exclude_if=lambda names: not names)
    placeholder_split: tuple[Column, ...] = Field(default=(), exclude_if=lambda names: not names)
    group_max: int | None = Field(default=None, ge=1, exclude_if=lambda most: most is None)


class CanariesAlike(Model):
    """Secret synthetic rows a dataset: some equal and matched in all datasets, some in none.

    Charters of before there was another kind have these. A service recognises them (T17).
    """

    pairs: int = Field(ge=0, le=10_000)
    singles: int = Field(ge=0, le=10_000)

    def rows(self, people: int) -> int:
        """How many a dataset of so many people has."""
        return self.pairs + self.singles


class CanariesLikeTheList(Model):
    """Secret synthetic residents, of whom each list tells as it tells of its own people (T17).

    A dataset has `share_ppm` canaries for a million of its people, and one at least.
    `residents` says of how many people all lists tell; without it the longest list has nearly all.
    """

    kind: Literal["like-the-list"]
    share_ppm: int = Field(ge=1, le=50_000)
    residents: int | None = Field(default=None, ge=1, exclude_if=lambda people: people is None)

    def rows(self, people: int) -> int:
        """How many a dataset of so many people has."""
        return max(1, round(people * self.share_ppm / 1_000_000))


Canaries = CanariesAlike | CanariesLikeTheList


class EncodingTerms(Model):
    """How rows become encodings."""

    rules_digest: HexDigest
    profile: Profile
    nik_leg: Literal["on", "off"]
    canaries: Canaries
    test_records: int = Field(ge=16, le=10_000)
    encodings: tuple[Encoding, ...] = Field(min_length=1, max_length=12)

    @property
    def compound(self) -> bool:
        """Whether encodings name their own salts."""
        return self.profile in COMPOUNDS

    @property
    def salted_by(self) -> dict[str, frozenset[str]]:
        """The fields that each encoding's salt names: `nama` for the column `nama.sound`."""
        return {
            each.name: frozenset(column.split(".")[0] for column in each.salt)
            for each in self.encodings
        }

    @property
    def contrary_codes(self) -> dict[str, int]:
        """How many contrary codes each encoding gives a row, of those that give any."""
        return {each.name: len(each.contrary) for each in self.encodings if each.contrary}


class ContraryRule(Model):
    """What contrary codes decide; thresholds in parts per million of the Dice coefficient.

    Two rows have nearly the same name if an encoding reaches its `same_name_ppm`. Then a sex that
    differs, or a NIK that differs in the last three digits alone, is taken for a typing error.
    A pair that reaches the `confirmed_ppm` of an encoding is a match if a code of that encoding
    shows that the dates of birth agree.
    """

    same_name_ppm: dict[Identifier, int] = Field(default_factory=dict)
    confirmed_ppm: dict[Identifier, int] = Field(default_factory=dict)


class Matching(Model):
    """Thresholds in parts per million of the Dice coefficient.

    An encoding without a threshold only serves the floor of the NIK leg. Under
    `one-to-one` a match ID stands on one row of each dataset at most; under `one-to-many`
    the rows of a dataset that are one person all carry it, so all datasets of every
    domain learn membership.

    A pair is a match by an encoding that reaches its `alone_ppm`, or by two that reach their
    thresholds and whose salts name no field in common. An encoding without an entry there
    needs no more than its threshold.

    With `sampling_recall_ppm` rows of encodings without tags are not all compared: sampled bits
    choose, so that at least this share of the pairs right at the threshold is found, with 95 %
    confidence.

    With `review_ppm`, a pair that is no match but reaches that of an encoding is *uncertain*: it
    is counted, and under `release.grades` matched after all others, to be verified by people.

    `order` says which pairs the solver takes first, after those of one NIK: the most similar, or
    under `household` those in which an encoding salted by the family card reaches its threshold,
    then the others; the most similar first in both. With `top_k` a pair without a NIK in common
    stays only if it is among so many first of one of its records in the other's dataset.

    Where encodings have contrary codes, a pair that these contradict is uncertain too, even if its
    NIKs agree. `contrary` says what counts as one name, and what the codes can confirm.

    With `vary_thresholds` runs of one epoch may be ordered with different thresholds. Without it,
    since the second law, all have those of the first.
    """

    thresholds_ppm: dict[Identifier, int]
    alone_ppm: dict[Identifier, int] = Field(default_factory=dict)
    review_ppm: dict[Identifier, int] = Field(default_factory=dict)
    nik_floor_ppm: int = Field(ge=1, le=1_000_000)
    sampling_recall_ppm: int | None = Field(default=None, ge=500_000, le=999_999)
    cardinality: Literal["one-to-one", "one-to-many"] = "one-to-one"
    order: Literal["similarity", "household"] = "similarity"
    top_k: int | None = Field(default=None, ge=1)
    contrary: ContraryRule | None = Field(default=None, exclude_if=lambda rule: rule is None)
    vary_thresholds: bool = Field(default=False, exclude_if=lambda varies: not varies)
