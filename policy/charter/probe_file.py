"""A probe report in the file form of `padan-encoder probe`."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.files import read_file
from policy.base.words import Words
from policy.charter.probe_report import ProbeReport


def read_report(path: Path) -> ProbeReport:
    """Read a report from its file; raises BadInput."""
    try:
        return ProbeReport.model_validate_json(read_file(path))
    except ValidationError:
        raise BadInput(
            PolicyCode.PROBE_MALFORMED,
            Words(f"{path} bukan laporan uji serangan.", f"{path} is not a probe report."),
            Words(
                "Buat dengan 'padan-encoder probe PIAGAM --out BERKAS'.",
                "Make it with 'padan-encoder probe CHARTER --out FILE'.",
            ),
        ) from None
