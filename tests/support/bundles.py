"""Evidence bundles as files, honest ones and evil ones."""

from __future__ import annotations

import zipfile
from pathlib import Path

from policy.evidence import EvidenceBundle, bundle_members


def write_bundle(path: Path, bundle: EvidenceBundle) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in bundle_members(bundle).items():
            archive.writestr(name, data)
