"""From frozen fields to encoding columns, exactly by the charter's terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from numpy.typing import NDArray

from encoder.encoding.block_tags import Tagger
from encoder.encoding.contrary_codes import ContraryCodes, claim_columns
from encoder.encoding.hardening import (
    HardenedColumn,
    HardenedEncoder,
    Keys,
    SaltColumns,
    hardened_encoder,
)
from encoder.encoding.hardening.claims import Claims, claims_of
from encoder.encoding.hardening.compound import CompoundEncoder
from encoder.encoding.hardening.known import known, known_columns
from encoder.encoding.hardening.salting import Salts, SaltValues
from encoder.encoding.project_keys import ProjectKeys, Purpose
from encoder.error_codes import EncoderCode
from encoder.normalise import outputs, ruleset_digest
from encoder.normalise.sound import shape, sound, sounds_of
from policy.base.errors import Refused
from policy.base.words import Words
from policy.charter import COMPOUND_2, NAME_SHAPE, Charter, Encoding, FieldKind
from policy.formats.arrays.bundle_rows import RowLayout
from policy.formats.bundle_row import NIK_TOKEN_BYTES, EncodingShape, token_bytes

_SOUND, _HEAD, _TAIL, _DAY_MARK, _FRONT = ".sound", ".head", ".tail", ".day-mark", ".front"
_DERIVED: dict[FieldKind, tuple[str, ...]] = {
    "name": (_SOUND, _HEAD, _TAIL, NAME_SHAPE),
    "date": (_DAY_MARK,),
    "nik": (_FRONT,),
}
_SERIAL_DIGITS = 4
_UNKNOWN_DAY = "?"
_OF_AN_ENCODING: tuple[Purpose, ...] = ("clk", "salt", "harden")
# No encoding can have this name.
_VALUES = "compound-2/values"


def identifiers(charter: Charter) -> tuple[str, ...]:
    """The columns that result from normalising the charter's fields, in order."""
    used = used_columns(charter)
    return tuple(name for f in charter.fields for name in outputs(f.name, f.kind, used))


def used_columns(charter: Charter) -> frozenset[str]:
    """The columns that the charter's encodings name: features of schemas, and salt columns."""
    found: set[str] = set()
    for encoding in charter.encoding.encodings:
        found.update(encoding.salt, encoding.split, encoding.placeholder_split)
        found.update(encoding.tag, *encoding.contrary)
        features = encoding.linkage_schema.get("features", ())
        found.update(str(f.get("identifier")) for f in features if isinstance(f, dict))
    return frozenset(found)


def columns_of(charter: Charter) -> tuple[str, ...]:
    """All columns that an encoding can use: the identifiers, and columns derived from them.

    NAME.sound is how a name sounds. NAME.head and NAME.tail are the beginnings of its first and
    its last word, NAME.shape a name with one sign for all vowels. DATE.day-mark is the day, or a
    mark if the year is known and the day is not (D04), so that two such dates agree. NIK.front is a
    NIK without its serial number. DATE.known.* and SEX.known are what the row states, else what its
    NIK tells (`known_columns`).
    """
    derived = (f"{f.name}{part}" for f in charter.fields for part in _DERIVED.get(f.kind, ()))
    return (*identifiers(charter), *derived, *known_columns(claim_columns(charter)))


def require_own_terms(charter: Charter) -> None:
    """Check that this encoder has the rules and the columns that the charter names.

    Raises Refused, or BadInput for a schema that cannot encode.
    """
    RowEncoder(charter, ProjectKeys(b"only the schemas are looked at  ", charter.terms_digest()))


def _require_rules(charter: Charter) -> None:
    if charter.encoding.rules_digest != ruleset_digest():
        raise Refused(
            EncoderCode.TERMS_RULES,
            Words(
                "Aturan normalisasi di komputer ini berbeda dari yang disepakati piagam.",
                "The normalisation rules on this machine differ from the charter's.",
            ),
            Words(
                "Pakai versi Padan yang disebut piagam; lihat 'padan-encoder rules'.",
                "Use the Padan version that the charter means; see 'padan-encoder rules'.",
            ),
        )


def _require_salt_columns(charter: Charter) -> None:
    """Profiles that salt by year need a year column, or a name column in its place."""
    kinds = {f.kind for f in charter.fields}
    if charter.encoding.profile.startswith("salted") and not {"date", "name"} <= kinds:
        raise Refused(
            EncoderCode.TERMS_SALT,
            Words(
                f"Profil '{charter.encoding.profile}' memerlukan kolom tanggal lahir dan nama.",
                f"The profile '{charter.encoding.profile}' needs a date of birth and a name.",
            ),
            Words("Tambahkan kolom itu atau pilih profil lain.", "Add them or change the profile."),
        )


def _encoder(
    charter: Charter, encoding: Encoding, keys: ProjectKeys, values: SaltValues
) -> HardenedEncoder:
    """Raises BadInput for an invalid schema, Refused for one that needs other columns."""
    own = {each: keys.subkey(each, encoding.name) for each in _OF_AN_ENCODING}
    made = hardened_encoder(
        charter.encoding.profile,
        encoding,
        Keys(own["clk"], own["salt"], own["harden"], values),
        SaltColumns(_first(charter, "date", ".year"), _first(charter, "name", _SOUND)),
    )
    needed = {*made.needs, *encoding.tag}.union(*encoding.contrary)
    missing = ", ".join(sorted(needed - set(columns_of(charter))))
    if missing:
        raise Refused(
            EncoderCode.TERMS_SCHEMA,
            Words(
                f"Skema '{encoding.name}' memakai kolom di luar piagam: {missing}.",
                f"The schema '{encoding.name}' uses columns outside the charter: {missing}.",
            ),
            Words(
                "Samakan 'fields' dan skema di piagam.",
                "Bring 'fields' and the schema of the charter together.",
            ),
        )
    return made


def _derived(name: str, columns: Mapping[str, Sequence[str]]) -> list[str]:
    if name.endswith(_SOUND):
        return [sound(each) for each in columns[name.removesuffix(_SOUND)]]
    if name.endswith(NAME_SHAPE):
        return [shape(each) for each in columns[name.removesuffix(NAME_SHAPE)]]
    if name.endswith(_FRONT):
        return [each[:-_SERIAL_DIGITS] for each in columns[name.removesuffix(_FRONT)]]
    date = name.removesuffix(_DAY_MARK)
    days = zip(columns[f"{date}.year"], columns[f"{date}.day"], strict=True)
    return [day or (_UNKNOWN_DAY if year else "") for year, day in days]


def _first(charter: Charter, kind: FieldKind, part: str) -> str:
    return next((f"{f.name}{part}" for f in charter.fields if f.kind == kind), "")


@dataclass
class RowEncoder:
    """Encodes rows of normalised fields under one project's keys."""

    charter: Charter
    keys: ProjectKeys
    layout: RowLayout = field(init=False)
    _encoders: list[HardenedEncoder] = field(init=False, repr=False)
    _taggers: list[Tagger] = field(init=False, repr=False)
    _contrary: ContraryCodes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        _require_rules(self.charter)
        _require_salt_columns(self.charter)
        values = SaltValues(self.keys.subkey("salt", _VALUES))
        self._encoders = [
            _encoder(self.charter, each, self.keys, values)
            for each in self.charter.encoding.encodings
        ]
        self._taggers = [
            self._tagger(each) for each in self.charter.encoding.encodings if each.tag_bits
        ]
        self._contrary = ContraryCodes.of(self.charter, self.keys)
        self.layout = RowLayout(
            self._shapes(), token_bytes(nik_leg=self.charter.nik_field is not None)
        )

    def _tagger(self, encoding: Encoding) -> Tagger:
        """The tagger; under compound-2 the tag depends on the columns, not on the encoding."""
        name = encoding.name
        if self.charter.encoding.profile == COMPOUND_2:
            name = "/".join(("columns", *encoding.tag))
        return Tagger(encoding.tag, encoding.tag_bits, self.keys.subkey("block", name))

    def _shapes(self) -> tuple[EncodingShape, ...]:
        named = zip(self.charter.encoding.encodings, self._encoders, strict=True)
        return tuple(
            EncodingShape(
                name=each.name,
                bits=made.bits,
                tag_bits=each.tag_bits,
                contrary=len(each.contrary),
            )
            for each, made in named
        )

    @property
    def row_bytes(self) -> int:
        return self.layout.row_bytes

    def encode(self, handles: Sequence[bytes], rows: Sequence[Sequence[str]]) -> NDArray[np.uint8]:
        """The rows as sent: handle, encodings, tags, contrary codes, token.

        uint8, shape (rows, row_bytes).
        """
        return self.encode_columns(handles, list(zip(*rows, strict=True)))

    def encode_columns(
        self, handles: Sequence[bytes], normalised: Sequence[Sequence[str]]
    ) -> NDArray[np.uint8]:
        """The rows as sent, from columns in the order of `identifiers`."""
        columns, claims = self._columns(normalised)
        encodings, salted = [], {}
        for each, made in zip(self.charter.encoding.encodings, self._encoders, strict=True):
            if each.contrary and isinstance(made, CompoundEncoder):
                encoded, salted[each.name] = made.encode_with_salts(columns, handles)
            else:
                encoded = made.encode(columns, handles)
            encodings.append(encoded)
        nik = self.charter.nik_field
        return self.layout.join(
            handles,
            encodings,
            tags=[tagger.tags(columns, handles) for tagger in self._taggers],
            contrary=self._contrary.codes(columns, handles, salted, claims),
            tokens=None if nik is None else self._tokens(columns[nik], handles),
        )

    def salts(self, normalised: Sequence[Sequence[str]]) -> dict[str, Salts]:
        """By encoding that names its salt: the numbers of the rows' salt values."""
        columns, _ = self._columns(normalised)
        own = np.zeros(len(normalised[0]), np.uint64)
        named = zip(self.charter.encoding.encodings, self._encoders, strict=True)
        compound = ((each.name, made) for each, made in named if isinstance(made, CompoundEncoder))
        return {name: made.salts(columns, own) for name, made in compound}

    def _columns(
        self, normalised: Sequence[Sequence[str]]
    ) -> tuple[dict[str, HardenedColumn], Claims | None]:
        """All columns that are needed; also the rows' claims, if columns were made of them."""
        named = map(HardenedColumn, normalised)
        columns = dict(zip(identifiers(self.charter), named, strict=True))
        needed = {name for made in self._encoders for name in made.needs}
        needed.update(name for tagger in self._taggers for name in tagger.needs)
        needed.update(self._contrary.needs)
        for each in self.charter.fields:
            parts = [f"{each.name}{part}" for part in (_SOUND, _HEAD, _TAIL)]
            if needed.intersection(parts[1:]):
                keys = sounds_of(columns[each.name])
                of_parts = map(HardenedColumn, (keys.sounds, keys.heads, keys.tails))
                columns.update(zip(parts, of_parts, strict=True))
        claims, own = None, self._contrary.claims
        if needed.intersection(known_columns(own)):
            claims = claims_of(columns, own, len(normalised[0]))
            columns |= known(claims, own)
        for name in sorted(needed - columns.keys()):
            columns[name] = HardenedColumn(_derived(name, columns))
        return columns, claims

    def _tokens(self, niks: Sequence[str], handles: Sequence[bytes]) -> NDArray[np.uint8]:
        """Keyed tokens, uint8 (rows, 16). A row without a NIK gets a unique, indistinguishable
        token."""
        keyed = HMAC(self.keys.subkey("nik"), SHA256())
        macs = []
        for nik, handle in zip(niks, handles, strict=True):
            mac = keyed.copy()
            mac.update(b"nik\0" + nik.encode() if nik else b"missing\0" + handle)
            macs.append(mac.finalize())
        return np.frombuffer(b"".join(macs), np.uint8).reshape(len(handles), -1)[
            :, :NIK_TOKEN_BYTES
        ]
