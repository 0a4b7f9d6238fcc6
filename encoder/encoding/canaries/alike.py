"""Canaries that are the same everywhere: the kind of earlier charters.

The first `pairs` slots hold the same synthetic person in every dataset and must match. Every
second of these persons has no NIK and so tests the CLK leg alone. The other slots hold persons
that occur in one dataset only and must not match. Nobody has a similar name, since a canary that
resembles a real person by chance would accuse an honest service. A service can tell these canaries
from people: docs/explanation/threats.md, T17.
"""

from __future__ import annotations

from encoder.encoding.canaries.fields import normalise_rows
from encoder.encoding.project_keys import ProjectKeys
from encoder.encoding.terms import identifiers
from encoder.synthetic.published_records import synthetic_raw
from policy.charter import CanariesAlike, Charter, FieldKind


def rows_alike(
    charter: Charter, terms: CanariesAlike, keys: ProjectKeys, dataset: str
) -> list[tuple[str, ...]]:
    """Normalised fields of every canary slot of a dataset, in slot order."""
    kinds: dict[str, FieldKind] = {f.name: f.kind for f in charter.fields}
    pairs = normalise_rows(
        charter, synthetic_raw(kinds, keys.subkey("canary", "pairs"), terms.pairs)
    )
    singles = normalise_rows(
        charter,
        synthetic_raw(
            kinds, keys.subkey("canary", f"singles/{dataset}"), terms.singles, unheard=True
        ),
    )
    return [_without_nik(charter, row) if i % 2 else row for i, row in enumerate(pairs)] + singles


def _without_nik(charter: Charter, row: tuple[str, ...]) -> tuple[str, ...]:
    nik = charter.nik_field
    if nik is None:
        return row
    position = identifiers(charter).index(nik)
    return (*row[:position], "", *row[position + 1 :])
