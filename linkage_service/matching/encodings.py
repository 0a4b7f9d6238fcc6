"""The matcher's input: packed encodings and NIK tokens, one row per person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linkage_service.error_codes import ServiceCode
from linkage_service.matching.blocks import Blocks
from linkage_service.matching.similarity import WORD_BITS
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.formats.bundle_row import NIK_TOKEN_BYTES
from policy.formats.contrary_code import CONTRARY_CODE_BYTES

MOST_ROWS = 2**32 - 1  # rows are numbered in 32 bits


@dataclass(frozen=True)
class EncodedDataset:
    """One dataset, ready to be matched. Row `i` of every array is the same person.

    `encodings` maps an encoding's name to uint64 of shape (rows, words).
    `tokens` is uint8 of shape (rows, 16): the keyed NIK token. Every row has a token;
    a person without a NIK has a token that no other row has.
    `blocks` has the block tags of encodings that carry them: of these encodings, only rows
    with equal tags are compared.
    `contrary` has the contrary codes of encodings that carry them: uint8 (rows, codes, 16).
    Raises BadInput if the arrays do not fit together.
    """

    name: str
    encodings: Mapping[str, NDArray[np.uint64]]
    tokens: NDArray[np.uint8]
    blocks: Mapping[str, Blocks] = field(default_factory=dict)
    contrary: Mapping[str, NDArray[np.uint8]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_tokens(self.name, self.tokens)
        if not self.encodings:
            raise _no_encodings(self.name)
        for encoding, words in self.encodings.items():
            _check_encoding(self.name, encoding, words, self.rows)
        for encoding, blocks in self.blocks.items():
            if len(blocks.order) != self.rows:
                raise _rows_differ(self.name, encoding, len(blocks.order), self.rows)
        for encoding, codes in self.contrary.items():
            _check_contrary(self.name, encoding, codes, self.rows)

    @property
    def rows(self) -> int:
        """How many people."""
        return int(self.tokens.shape[0])

    def take(self, rows: NDArray[np.int64]) -> EncodedDataset:
        """These rows only, in this order."""
        encodings = {name: words[rows] for name, words in self.encodings.items()}
        blocks = {name: each.take(rows) for name, each in self.blocks.items()}
        contrary = {name: codes[rows] for name, codes in self.contrary.items()}
        return EncodedDataset(self.name, encodings, self.tokens[rows], blocks, contrary)

    def encoding(self, name: str) -> NDArray[np.uint64]:
        """The encoding of that name, uint64 (rows, words); raises BadInput if it is missing."""
        if name not in self.encodings:
            raise _no_such_encoding(self.name, name)
        return self.encodings[name]


def pack_words(filters: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Bloom filters as bytes, uint8 (rows, bytes), as words, uint64 (rows, words).

    Zero bytes are added up to a multiple of 8. They change neither popcount nor
    overlap, and neither depends on the order of bits and bytes.
    """
    if filters.ndim != 2 or filters.dtype != np.uint8 or filters.shape[1] == 0:
        raise _not_bytes(filters)
    missing = -filters.shape[1] % (WORD_BITS // 8)
    padded = np.pad(filters, ((0, 0), (0, missing))) if missing else filters
    return np.ascontiguousarray(padded).view(np.uint64)


def _check_tokens(dataset: str, tokens: NDArray[Any]) -> None:
    if tokens.ndim != 2 or tokens.shape[1] != NIK_TOKEN_BYTES or tokens.dtype != np.uint8:
        raise _wrong_shape(dataset, "tokens", f"uint8 (n, {NIK_TOKEN_BYTES})", tokens)
    if not 0 < tokens.shape[0] <= MOST_ROWS:
        raise _wrong_count(dataset, tokens.shape[0])


def _check_encoding(dataset: str, encoding: str, words: NDArray[Any], rows: int) -> None:
    if words.ndim != 2 or words.shape[1] == 0 or words.dtype != np.uint64:
        raise _wrong_shape(dataset, encoding, "uint64 (n, m)", words)
    if words.shape[0] != rows:
        raise _rows_differ(dataset, encoding, words.shape[0], rows)


def _check_contrary(dataset: str, encoding: str, codes: NDArray[Any], rows: int) -> None:
    if codes.ndim != 3 or codes.shape[2] != CONTRARY_CODE_BYTES or codes.dtype != np.uint8:
        raise _wrong_shape(dataset, encoding, f"uint8 (n, m, {CONTRARY_CODE_BYTES})", codes)
    if codes.shape[0] != rows:
        raise _rows_differ(dataset, encoding, codes.shape[0], rows)


def _wrong_shape(dataset: str, part: str, wanted: str, found: NDArray[Any]) -> BadInput:
    shape = f"{found.dtype} {found.shape}"
    return BadInput(
        ServiceCode.MATCHING_SHAPE,
        Words(
            f"Bagian {part} dari dataset {dataset} berbentuk {shape}, seharusnya {wanted}.",
            f"Part {part} of dataset {dataset} has shape {shape}, not {wanted}.",
        ),
        ASK_AGAIN,
    )


def _wrong_count(dataset: str, rows: int) -> BadInput:
    return BadInput(
        ServiceCode.MATCHING_ROWS,
        Words(
            f"Dataset {dataset} berisi {rows} baris, seharusnya 1 sampai {MOST_ROWS}.",
            f"Dataset {dataset} has {rows} rows, not 1 to {MOST_ROWS}.",
        ),
        ASK_AGAIN,
    )


def _rows_differ(dataset: str, encoding: str, found: int, wanted: int) -> BadInput:
    return BadInput(
        ServiceCode.MATCHING_ROWS_DIFFER,
        Words(
            f"Dataset {dataset} memiliki {wanted} token, tetapi {found} baris {encoding}.",
            f"Dataset {dataset} has {wanted} tokens but {found} rows of {encoding}.",
        ),
        ASK_AGAIN,
    )


def _no_encodings(dataset: str) -> BadInput:
    return BadInput(
        ServiceCode.MATCHING_NO_ENCODING,
        Words(
            f"Dataset {dataset} tidak memuat satu pun penyandian.",
            f"Dataset {dataset} contains no encoding at all.",
        ),
        ASK_AGAIN,
    )


def _no_such_encoding(dataset: str, encoding: str) -> BadInput:
    return BadInput(
        ServiceCode.MATCHING_NO_ENCODING,
        Words(
            f"Dataset {dataset} tidak memuat penyandian {encoding}.",
            f"Dataset {dataset} does not contain encoding {encoding}.",
        ),
        Words(
            "Samakan nama penyandian di piagam dengan yang diunggah.",
            "Make the names of the encodings in the charter those of the upload.",
        ),
    )


def _not_bytes(found: NDArray[Any]) -> BadInput:
    return BadInput(
        ServiceCode.MATCHING_SHAPE,
        Words(
            f"Filter Bloom berbentuk {found.dtype} {found.shape}, seharusnya uint8 (n, m).",
            f"The Bloom filters have shape {found.dtype} {found.shape}, not uint8 (n, m).",
        ),
        ASK_AGAIN,
    )


ASK_AGAIN = Words(
    "Minta lembaga itu menyandikan dan mengunggah ulang.",
    "Ask the agency to encode and upload again.",
)
