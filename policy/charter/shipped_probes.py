"""Probe reports that come with Padan, for the encodings that it ships.

A report takes minutes to make and is the same for every charter with these encodings, so the build
contains it and pins its digest. Who signs a shipped report into a log asserts what the build
asserts. Everybody can repeat it: `padan-encoder probe CHARTER --repeat REPORT`.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

from policy.base.canonical import sha256
from policy.base.words import Words
from policy.charter.agreement import Charter
from policy.charter.probe_report import ProbeReport

# The digest of every report that a build has shipped, and its file. Lines are added, never removed:
# evidence names reports by digest.
SHIPPED = {
    "6f5faa0c7e829eb98f4acec27f2a6f6cb116c5c868afe4f4d21795956a5cb6d9": "padan-id-4.json",
    "4b97adb0f8819ae82d053fad7526f43ce9747c1e7bba9a1a6cfd7bfb8acd1832": "padan-id-5.json",
}
ASSERTED = Words(
    "bawaan Padan: dinyatakan oleh versi Padan yang terpasang, dapat diulang dengan 'padan-encoder"
    " repeat-probe'",
    "shipped with Padan: asserted by the build, reproducible by 'padan-encoder repeat-probe'",
)


def shipped_for(charter: Charter) -> ProbeReport | None:
    """The shipped report on these encodings, for lists at least as large as the charter allows."""
    largest = max(dataset.rows_max for dataset in charter.datasets)
    encoding = charter.encoding_digest()
    fitting = (r for r in _reports() if r.encoding == encoding and r.people >= largest)
    return next(fitting, None)


def is_shipped(digest: str | None) -> bool:
    """Whether a build of Padan has shipped the report with this digest."""
    return digest in SHIPPED


def shipped_bytes(name: str = "padan-id-5.json") -> bytes:
    """The file of a shipped report, that of the default encodings if not named."""
    return resources.files("policy.charter").joinpath("probes", name).read_bytes()


@cache
def _reports() -> tuple[ProbeReport, ...]:
    found = []
    for digest, name in SHIPPED.items():
        data = shipped_bytes(name)
        if sha256(data) != digest:
            raise RuntimeError(f"{name} is not the report that this build pins")
        found.append(ProbeReport.model_validate_json(data))
    return tuple(found)
