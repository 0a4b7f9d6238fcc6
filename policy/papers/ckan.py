"""The catalogue entry as a package of CKAN, the software of data.go.id.

The package has metadata alone. It has no resource: person-level data have no distribution, and a
portal's editor may add what is public.
"""

from __future__ import annotations

import re
from typing import Any

from policy.papers import agreed
from policy.papers.catalogue import ACCESS, DESCRIPTION, provenance_of
from policy.papers.reading import Reading

_NO_NAME = re.compile(r"[^a-z0-9_-]+")
_NO_TAG = re.compile(r"[^\w .-]+")
_LONGEST_NAME, _LONGEST_TAG = 100, 100


def package(reading: Reading, organisation: str) -> dict[str, Any]:
    """The entry for `package_create` and `package_update`, named by project and epoch."""
    project = reading.project
    charter = project.charter
    publishers = agreed.publishers(project)
    parties = [project.known(member).name for member in charter.party_ids]
    publisher = project.known(publishers[0]).name if publishers else ""
    title, provenance = charter.title, provenance_of(project)
    extras = {
        "identifier": f"{charter.project}/{charter.epoch}",
        "title_en": title.en,
        "access_rights": ACCESS.id,
        "creator": "; ".join(parties),
        "publisher": publisher,
        "legal_basis": "; ".join(each.text for each in charter.lawful_basis.citations),
        "provenance": provenance.id,
        "frequency": "tidak teratur",
        "temporal_start": charter.valid_from.isoformat(),
        "temporal_end": charter.valid_until.isoformat(),
        "conforms_to": "MS-Keg, MS-Var (Peraturan BPS 5/2020)",
        "charter_sha256": project.charter_digest,
    }
    if charter.region:
        region = charter.region
        extras["spatial_code"] = f"{region.codebook}:{region.vintage}:{region.code}"
    walidata = next((each for each in charter.walidata if each.member in publishers), None)
    return {
        "name": name_of(charter.project, charter.epoch),
        "title": title.id,
        "notes": f"{DESCRIPTION.id}\n\n{DESCRIPTION.en}",
        "owner_org": organisation,
        "private": False,
        "author": "; ".join(parties),
        "maintainer": publisher,
        "maintainer_email": _email(walidata.contact if walidata else ""),
        "version": str(charter.version),
        "license_id": "notspecified",
        "tags": [{"name": each} for each in _tags(charter.purpose.code, *charter.dataset_ids)],
        "extras": [{"key": key, "value": text} for key, text in sorted(extras.items()) if text],
    }


def name_of(project: str, epoch: int) -> str:
    """A name that CKAN accepts: lower-case letters, digits, hyphens, 2 to 100 of them."""
    return _NO_NAME.sub("-", f"padan-{project}-{epoch}".lower())[:_LONGEST_NAME]


def _tags(*texts: str) -> list[str]:
    """Tags that CKAN accepts: letters, digits, spaces and -_. , 2 to 100 of them."""
    cleaned = (_NO_TAG.sub(" ", text).strip()[:_LONGEST_TAG] for text in texts)
    return list(dict.fromkeys(each for each in cleaned if len(each) > 1))


def _email(contact: str) -> str:
    return contact if "@" in contact and not any(c.isspace() or c in '<>"' for c in contact) else ""
