"""A folder from which Padan installs on a machine without internet.

    .venv/bin/python scripts/wheelhouse.py --platform windows --python 3.12 wheelhouse

The folder gets every wheel that `uv.lock` names for that platform and Python, and Padan's own:

    requirements.txt    each package with its version and the SHA-256 of its files
    *.whl               the wheels; none needs a compiler
    sbom.cdx.json       what is inside, as CycloneDX 1.5
    licences.csv        package, version, licence
    SHA256SUMS          digests of all of these files
    README.txt          how to install, in two languages

Two runs give the same bytes. Nothing is taken that the lock does not name.
"""

from __future__ import annotations

import argparse
import csv
import email
import email.message
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
_EXTRAS = ("encoder", "ui", "parquet", "formats")
# The first day that a ZIP file can hold: the same wheel on every day.
_EPOCH = "315532800"
_PIP = "pip>=25,<27"


@dataclass(frozen=True)
class Target:
    """A kind of machine: its name for uv, and the wheel tags that it takes, best first."""

    uv: str
    tags: tuple[str, ...]


_MANYLINUX = ("2_28", "2_27", "2_26", "2_24", "2_17", "2_12", "2_5")


def _linux(machine: str) -> Target:
    tags = [f"manylinux_{version}_{machine}" for version in _MANYLINUX]
    return Target(
        f"{machine}-manylinux_2_28", (*tags, f"manylinux2014_{machine}", f"linux_{machine}")
    )


TARGETS = {
    "windows": Target("x86_64-pc-windows-msvc", ("win_amd64",)),
    # Of Macs with Intel processors numba has no wheels any more.
    "macos": Target("aarch64-apple-darwin", ("macosx_14_0_arm64",)),
    "linux": _linux("x86_64"),
    "linux-arm": _linux("aarch64"),
}
PYTHONS = ("3.11", "3.12", "3.13")


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and fill the folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="a new or empty folder")
    parser.add_argument("--platform", choices=TARGETS, default="windows")
    parser.add_argument("--python", choices=PYTHONS, default="3.12")
    parser.add_argument(
        "--extra", action="append", help=f"extras of Padan; default: {', '.join(_EXTRAS)}"
    )
    asked = parser.parse_args(arguments)
    folder: Path = asked.folder
    if folder.exists() and any(folder.iterdir()):
        parser.error(f"{folder} is not empty")
    folder.mkdir(parents=True, exist_ok=True)
    extras = tuple(asked.extra or _EXTRAS)
    fill(folder, TARGETS[asked.platform], asked.python, extras)
    wheels = sorted(folder.glob("*.whl"))
    size = sum(each.stat().st_size for each in wheels) / 1e6
    print(f"{folder}: {len(wheels)} wheels, {size:.0f} MB, {asked.platform}, Python {asked.python}")


def fill(folder: Path, target: Target, python: str, extras: tuple[str, ...]) -> None:
    """Write the wheelhouse of one kind of machine into an empty folder."""
    requirements = folder / "requirements.txt"
    requirements_text = locked(target, python, extras)
    requirements.write_text(f"--find-links .\n{requirements_text}", encoding="utf-8")
    _download(folder, requirements, target, python)
    own = build(folder)
    with requirements.open("a", encoding="utf-8") as file:
        listed = ",".join(sorted(extras))
        file.write(f"./{own.name}[{listed}] --hash=sha256:{_sha256(own)}\n")
    _write_sbom(folder, extras)
    _write_licences(folder)
    (folder / "README.txt").write_text(_README.format(python=python), encoding="utf-8")
    names = sorted(each.name for each in folder.iterdir())
    sums = "".join(f"{_sha256(folder / name)}  {name}\n" for name in names)
    (folder / "SHA256SUMS").write_text(sums, encoding="utf-8")


def locked(target: Target, python: str, extras: tuple[str, ...]) -> str:
    """The packages of the lock for this machine, each with its digests."""
    asked = [option for extra in extras for option in ("--extra", extra)]
    every = _uv(
        "export", "--locked", "--quiet", "--no-default-groups", "--no-emit-project",
        "--no-header", "--no-annotate", "--format", "requirements-txt", *asked,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as scratch:
        # Resolved for that machine alone: `pip download` would read markers by this machine.
        path = Path(scratch) / "every.txt"
        path.write_text(every, encoding="utf-8")
        return _uv(
            "pip", "compile", str(path), "--quiet", "--no-deps", "--generate-hashes",
            "--no-header", "--no-annotate", "--only-binary", ":all:",
            "--python-platform", target.uv, "--python-version", python,
        )  # fmt: skip


def _download(folder: Path, requirements: Path, target: Target, python: str) -> None:
    tag = python.replace(".", "")
    abis = [f"cp{tag}", "abi3", "none"]
    _uv(
        "tool", "run", "--from", _PIP, "pip", "download", "--quiet",
        "--disable-pip-version-check", "--no-deps", "--require-hashes",
        "--only-binary", ":all:", "--implementation", "cp", "--python-version", python,
        *(option for abi in abis for option in ("--abi", abi)),
        *(option for each in target.tags for option in ("--platform", each)),
        "--dest", str(folder), "-r", str(requirements),
    )  # fmt: skip


def build(folder: Path) -> Path:
    """Padan's own wheel: the same bytes from the same sources."""
    _uv("build", "--quiet", "--wheel", "--no-create-gitignore", "--out-dir", str(folder))
    return next(folder.glob("padan-*.whl"))


def _write_sbom(folder: Path, extras: tuple[str, ...]) -> None:
    """uv's list of the lock, cut to the wheels that are here, without date and serial number."""
    asked = [option for extra in extras for option in ("--extra", extra)]
    form = ("--preview-features", "sbom-export", "--format", "cyclonedx1.5")
    told = json.loads(
        _uv("export", "--locked", "--quiet", "--no-default-groups", *form, *asked),
    )
    here = {_named(_of(wheel)): wheel for wheel in folder.glob("*.whl")}
    told.pop("serialNumber", None)
    told["metadata"].pop("timestamp", None)
    # The lock may have two versions of a package, for two Pythons.
    named = {(each["name"], each["version"]): each for each in told["components"]}
    told["components"] = [named[each] for each in sorted(named.keys() & here.keys())]
    for each in told["components"]:
        wheel = here[each["name"], each["version"]]
        each["hashes"] = [{"alg": "SHA-256", "content": _sha256(wheel)}]
        each["licenses"] = [{"license": {"name": _licence(_of(wheel))}}]
        each.pop("externalReferences", None)
    kept = {told["metadata"]["component"]["bom-ref"], *(e["bom-ref"] for e in told["components"])}
    told["dependencies"] = [
        each | {"dependsOn": [one for one in each.get("dependsOn", []) if one in kept]}
        for each in told.get("dependencies", [])
        if each["ref"] in kept
    ]
    text = json.dumps(told, indent=2, ensure_ascii=False, sort_keys=True)
    (folder / "sbom.cdx.json").write_text(f"{text}\n", encoding="utf-8")


def _write_licences(folder: Path) -> None:
    with (folder / "licences.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["package", "version", "licence"])
        for wheel in sorted(folder.glob("*.whl")):
            said = _of(wheel)
            writer.writerow([said["Name"], said["Version"], _licence(said)])


def _of(wheel: Path) -> email.message.Message:
    """What a wheel says of itself."""
    with zipfile.ZipFile(wheel) as packed:
        name = next(each for each in packed.namelist() if each.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(packed.read(name))


def _named(said: email.message.Message) -> tuple[str, str]:
    """Name and version, as the lock spells them."""
    return re.sub(r"[-_.]+", "-", said["Name"]).lower(), said["Version"]


def _licence(said: email.message.Message) -> str:
    """The licence as the package states it; the first line if it is a whole text."""
    stated = said.get("License-Expression") or said.get("License")
    if stated:
        return str(stated).strip().splitlines()[0]
    classified = [
        each.split(" :: ")[-1]
        for each in said.get_all("Classifier", [])
        if each.startswith("License ::")
    ]
    return " / ".join(classified) or "unknown"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _uv(*arguments: str) -> str:
    own = ROOT / ".venv" / "bin" / "uv"
    uv = str(own) if own.exists() else shutil.which("uv") or "uv"
    environment = {**os.environ, "SOURCE_DATE_EPOCH": _EPOCH}
    environment.pop("VIRTUAL_ENV", None)
    done = subprocess.run(  # noqa: S603 - every argument is made here
        [uv, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"uv {arguments[0]} failed:\n{done.stderr}")
    return done.stdout


_README = """\
Padan untuk komputer tanpa internet / Padan for a machine without internet

Perlu / needs: Python {python}. Lalu di folder ini / then in this folder:

Windows (PowerShell):
    py -{python} -m venv C:\\Padan
    C:\\Padan\\Scripts\\python -m pip install --no-index --require-hashes -r requirements.txt
    C:\\Padan\\Scripts\\padan-encoder --version

macOS, Linux:
    python{python} -m venv ~/padan
    ~/padan/bin/python -m pip install --no-index --require-hashes -r requirements.txt
    ~/padan/bin/padan-encoder --version

Periksa dulu bahwa berkas utuh: cocokkan SHA256SUMS dengan yang Anda terima lewat jalan lain.
Check first that the files are whole: compare SHA256SUMS with the one that came another way.
    Windows: Get-FileHash *.whl        macOS, Linux: sha256sum -c SHA256SUMS
"""

if __name__ == "__main__":
    main()
