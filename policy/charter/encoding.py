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

# A normalised column: a field's name, or a part of a field (lahir.year, nama.sound).
Column = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,62}$")]

# A part of a name: two names that share it differ in vowels alone.
NAME_SHAPE = ".shape"

# The profiles whose encodings each define their own salt and votes.
COMPOUND = "compound-1"
COMPOUND_2 = "compound-2"
COMPOUNDS = (COMPOUND, COMPOUND_2)


class Encoding(Model):
    """One named encoding of every row, by a clkhash v3 linkage schema.

    Under the compound profiles, `salt` names the columns that must agree exactly before two rows
    can be similar at all, and `rounds` is the number of majorities behind one bit. Under all other
    profiles both keep their defaults.

    Under compound-2, `split` names columns that must agree as well. They divide the group of a salt
    that many people share, but are not evidence of their own (see `Matching`). If the salt's date
    is a placeholder that offices write for an unknown date, the columns of `placeholder_split` must
    agree too. `group_max` is the most rows of one list that may share all of these columns.

    With `tag_bits`, a row carries a block tag of this many bits, keyed by the values of the `tag`
    columns, and this encoding compares only rows with the same tag. Many strangers share a short
    tag, so it reveals little; see docs/explanation/candidate-search.md.

    Each entry of `contrary` gives a row one contrary code of 16 bytes. From two codes the service
    sees whether the rows contradict each other, if both have the same values in the salt columns
    and in the columns of that entry. An entry with a NAME.shape shows also that the names differ in
    vowels alone. See docs/explanation/contrary-evidence.md.
    """

    name: Identifier
    linkage_schema: dict[str, Any]
    salt: tuple[Column, ...] = ()
    rounds: int = Field(default=0, ge=0, le=8)
    tag: tuple[Column, ...] = ()
    tag_bits: int = Field(default=0, ge=0, le=16)
    # Left out of the canonical form if empty, so charters without codes keep their digest.
    contrary: tuple[tuple[Column, ...], ...] = Field(
        default=(), max_length=4, exclude_if=lambda ways: not ways
    )
    # Only for compound-2; left out of the canonical form if unused.
    split: tuple[Column, ...] = Field(default=(), exclude_if=lambda names: not names)
    placeholder_split: tuple[Column, ...] = Field(default=(), exclude_if=lambda names: not names)
    group_max: int | None = Field(default=None, ge=1, exclude_if=lambda most: most is None)


class CanariesAlike(Model):
    """Secret synthetic rows in each dataset: some match in all datasets, others in none.

    This was the first kind of canary. A service can recognise these rows (T17).
    """

    pairs: int = Field(ge=0, le=10_000)
    singles: int = Field(ge=0, le=10_000)

    def rows(self, people: int) -> int:
        """The number of canaries in a dataset of that many people."""
        return self.pairs + self.singles


class CanariesLikeTheList(Model):
    """Secret synthetic residents, described in each list as its own people are (T17).

    A dataset has `share_ppm` canaries for a million of its people, and at least one. `residents` is
    the number of people in all lists together; the default is that the longest list has nearly all
    of them.
    """

    kind: Literal["like-the-list"]
    share_ppm: int = Field(ge=1, le=50_000)
    residents: int | None = Field(default=None, ge=1, exclude_if=lambda people: people is None)

    def rows(self, people: int) -> int:
        """The number of canaries in a dataset of that many people."""
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
        """Whether each encoding has its own salt."""
        return self.profile in COMPOUNDS

    @property
    def salted_by(self) -> dict[str, frozenset[str]]:
        """The fields in each encoding's salt: `nama` for the column `nama.sound`."""
        return {
            each.name: frozenset(column.split(".")[0] for column in each.salt)
            for each in self.encodings
        }

    @property
    def contrary_codes(self) -> dict[str, int]:
        """How many contrary codes an encoding gives a row, for encodings that give any."""
        return {each.name: len(each.contrary) for each in self.encodings if each.contrary}

    @property
    def shape_codes(self) -> dict[str, frozenset[int]]:
        """Of each encoding, the numbers of its contrary codes of rows that share a NAME.shape."""
        return {
            each.name: frozenset(
                number
                for number, columns in enumerate(each.contrary)
                if any(column.endswith(NAME_SHAPE) for column in columns)
            )
            for each in self.encodings
        }


class ContraryRule(Model):
    """What contrary codes decide; thresholds in parts per million of the Dice coefficient.

    Two rows have nearly the same name if an encoding reaches its `same_name_ppm`. Then a different
    sex, or a NIK that differs only in the last three digits, is taken for a typing error. A pair
    that reaches the `confirmed_ppm` of an encoding is a match if a code of that encoding shows that
    the dates of birth agree.
    """

    same_name_ppm: dict[Identifier, int] = Field(default_factory=dict)
    confirmed_ppm: dict[Identifier, int] = Field(default_factory=dict)


class Matching(Model):
    """How pairs become matches; thresholds in parts per million of the Dice coefficient.

    An encoding without a threshold only serves the floor of the NIK leg. Under `one-to-one`, a
    match ID is on at most one row of each dataset. Under `one-to-many`, all rows of a dataset that
    are one person carry it, so all datasets of every domain learn membership.

    A pair is a match if one encoding reaches its `alone_ppm`, or if two encodings reach their
    thresholds and their salts have no field in common. An encoding without an entry in `alone_ppm`
    needs only its threshold.

    With `sampling_recall_ppm`, not all rows of encodings without tags are compared. Sampled bits
    choose the pairs, so that at least this share of the pairs exactly at the threshold is found,
    with 95 % confidence.

    With `review_ppm`, a pair that is not a match but reaches this value of an encoding is
    *uncertain*. It is counted, and under `release.grades` it is matched after all others, for
    people to verify.

    `order` says which pairs the solver takes first, after those with the same NIK: the most similar
    pairs, or under `household` first the pairs in which an encoding salted by the family card
    reaches its threshold. Within both groups the most similar pairs come first. With `top_k`, a
    pair without a common NIK is kept only if it is among the first `top_k` pairs of one of its
    records in the other's dataset.

    If encodings have contrary codes, a pair that the codes contradict is uncertain too, even if its
    NIKs agree. `contrary` says what counts as the same name, and what the codes can confirm.

    With `vary_thresholds`, runs of one epoch may have different thresholds. Without it, since the
    second law, all runs have those of the first.
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
