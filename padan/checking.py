"""Checks a source before it is encoded: `encoder.quality` for a notebook."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np

from encoder.quality import FileProfile, Forecast, QualityFinding, findings, forecast, profile_file
from encoder.quality.page import Languages, page
from encoder.quality.profile import DEFAULT_KINDS, profile_chunks
from encoder.quality.report import report_json
from encoder.quality.running import QualityPlan
from encoder.source.mapping import Mapping, parse_mapping
from encoder.source.readers import Chunk
from padan.encoding import RECORD_ID
from padan.frames import Backend, Progress, opened, silent, table, texts
from padan.sources import mapping_of
from policy.charter import FieldKind

_ROWS_AT_ONCE = 10_000
_IDENTIFIERS = ("nik", "kk")
# Other processes would import the caller's script again, which many scripts do not support.
_HERE = 1 << 62


@dataclass(frozen=True)
class Report:
    """The result of `check`: counts by rule, never a cell.

    `findings` has `code`, `severity` (`act`, `look`, `ok`), `rows` (Int64), `title`, `found` and
    `todo` in Padan's chosen language. `fields` has `name`, `kind` and `rows_used`, `rows_empty`,
    `rows_unusable` (Int64). `forecast` has `scenario`, `recall` (Float64), `found` and `missed`
    (Int64): how many of these people a complete partner list would find.
    """

    findings: Any = field(repr=False)
    fields: Any = field(repr=False)
    forecast: Any = field(repr=False)
    rows: int
    _profile: FileProfile = field(repr=False)
    _found: tuple[QualityFinding, ...] = field(repr=False)
    _expected: Forecast = field(repr=False)
    _today: date = field(repr=False)

    def html(self, language: Languages = "both") -> str:
        """The complete report of `padan-encoder check` as one HTML page (`id`, `en` or `both`)."""
        return page(self._profile, self._found, self._expected, self._today, language)

    def as_json(self) -> dict[str, Any]:
        """The report as `padan-encoder check --json` writes it."""
        return report_json(self._profile, self._found, self._expected)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{each.severity}</td><td>{escape(str(each.title))}</td>"
            f"<td>{escape(str(each.found))}</td><td>{escape(str(each.todo))}</td></tr>"
            for each in self._found
        )
        return f"<table>{rows}</table>"


def check(
    source: Any,
    mapping: Mapping | AnyMapping[str, Any] | str | os.PathLike[str] | None = None,
    fields: AnyMapping[str, FieldKind] | None = None,
    *,
    backend: Backend = "pandas",
    progress: Progress = silent,
) -> Report:
    """Count the cells that linkage can use, and say what to correct first.

    `source` is a path with its `mapping` (as in `read_source`), or a table whose columns are the
    `fields`, each a name and a kind. `backend` is the library of the report's tables for a path.
    `progress` receives the number of rows read so far.

    Raises BadInput: `file.*`, `mapping.*`, `frame.*`.
    """
    now = datetime.now(UTC).date()
    kinds = DEFAULT_KINDS if fields is None else fields
    done = 0

    def advance(rows: int) -> None:
        nonlocal done
        done += rows
        progress(done, 0)

    if isinstance(source, str | os.PathLike):
        path = Path(source)
        mapped = mapping_of(mapping, path)
        profile = profile_file(path, mapped, kinds, today=now, advance=advance, alone=_HERE)
        return _report(profile, now, backend)
    frame = opened(source)
    kinds = {name: kind for name, kind in kinds.items() if fields or name in frame.columns}
    own_ids = RECORD_ID if RECORD_ID in frame.columns else None
    tree = {"record_id": own_ids, "fields": {name: name for name in kinds}}
    plan = QualityPlan.of(parse_mapping(tree, Path("fields")), kinds, secrets.token_bytes(32), 0)
    chunks = _chunks(frame, kinds, own_ids)
    profile = profile_chunks(chunks, plan, "table", today=now, advance=advance, alone=_HERE)
    return _report(profile, now, frame.implementation)


def _chunks(
    frame: nw.DataFrame[Any], kinds: AnyMapping[str, FieldKind], record_id: str | None
) -> Iterator[Chunk]:
    columns = {
        name: texts(frame, name, identifier=kind in _IDENTIFIERS) for name, kind in kinds.items()
    }
    rows = len(frame)
    ids = texts(frame, record_id) if record_id else list(map(str, range(1, rows + 1)))
    for start in range(0, rows, _ROWS_AT_ONCE):
        stop = min(start + _ROWS_AT_ONCE, rows)
        cells = {name: column[start:stop] for name, column in columns.items()}
        yield Chunk(list(range(start + 1, stop + 1)), ids[start:stop], cells, [])


def _report(profile: FileProfile, today: date, backend: Backend | nw.Implementation) -> Report:
    found, expected = findings(profile), forecast(profile.strata)
    return Report(
        findings=table(
            {
                "code": [each.code for each in found],
                "severity": [each.severity for each in found],
                "rows": np.array([each.rows for each in found], np.int64),
                "title": [str(each.title) for each in found],
                "found": [str(each.found) for each in found],
                "todo": [str(each.todo) for each in found],
            },
            backend,
        ),
        fields=table(
            {
                "name": [each.name for each in profile.fields],
                "kind": [each.kind for each in profile.fields],
                "rows_used": np.array([each.usable for each in profile.fields], np.int64),
                "rows_empty": np.array([each.empty for each in profile.fields], np.int64),
                "rows_unusable": np.array([each.unusable for each in profile.fields], np.int64),
            },
            backend,
        ),
        forecast=table(
            {
                "scenario": [each.code for each in expected.scenarios],
                "recall": np.array([each.recall for each in expected.scenarios], np.float64),
                "found": np.array([each.found for each in expected.scenarios], np.int64),
                "missed": np.array([each.missed for each in expected.scenarios], np.int64),
            },
            backend,
        ),
        rows=profile.rows_in,
        _profile=profile,
        _found=found,
        _expected=expected,
        _today=today,
    )
