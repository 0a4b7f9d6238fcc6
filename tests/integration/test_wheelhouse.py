"""A folder of wheels for a machine without internet: complete for each platform, and it installs.

The wheels come from the package index, so these tests need it, as `make setup` does.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import wheelhouse

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
EXTRAS = ("encoder", "ui")


def run(
    machine: Path, command: str, *arguments: str | Path, folder: Path
) -> subprocess.CompletedProcess[str]:
    """A command of a new environment, without this machine's index, proxy or configuration."""
    if not machine.exists():
        subprocess.run([sys.executable, "-m", "venv", str(machine)], check=True)
    bare = {"PATH": os.environ["PATH"], "HOME": str(machine), "PIP_NO_COMPILE": "1"}
    return subprocess.run(
        [machine / "bin" / command, *arguments],
        cwd=folder,
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )


INSTALL = ("-m", "pip", "install", "--no-index", "--require-hashes", "-r", "requirements.txt")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an approver needs."""
    return house_with(tmp_path_factory.mktemp("house") / "wheelhouse", "ui")


def house_with(folder: Path, *extras: str) -> Path:
    """Of this machine's platform and Python."""
    arguments = ["--platform", "linux", "--python", HERE]
    named = [option for extra in extras for option in ("--extra", extra)]
    wheelhouse.main([str(folder), *arguments, *named])
    return folder


# Each platform and each Python once; the lock is one for all of them.
ANOTHER = pytest.mark.thorough("test_every_package_of_the_lock_has_a_wheel")
PLACES = [
    ("windows", "3.12"),
    pytest.param("macos", "3.13", marks=ANOTHER),
    pytest.param("linux-arm", "3.11", marks=ANOTHER),
]


@pytest.mark.parametrize(("platform", "python"), PLACES)
def test_every_package_of_the_lock_has_a_wheel(platform: str, python: str) -> None:
    """Resolved with wheels alone: a package without one would stop it."""
    locked = wheelhouse.locked(wheelhouse.TARGETS[platform], python, EXTRAS)
    names = {line.split("==")[0] for line in locked.splitlines() if "==" in line}
    assert {"cryptography", "numba", "numpy", "pydantic-core", "typer"} <= names
    assert ("colorama" in names) == (platform == "windows")
    assert "clkhash" not in names


@pytest.mark.thorough("test_another_byte_in_a_wheel_does_not_install")
def test_it_installs_without_an_index_and_works(tmp_path: Path) -> None:
    house, machine = house_with(tmp_path / "wheelhouse", *EXTRAS), tmp_path / "machine"
    installed = run(machine, "python", *INSTALL, folder=house)
    assert installed.returncode == 0, installed.stderr
    told = run(machine, "padan-encoder", "--json", "selftest", folder=tmp_path)
    assert told.returncode == 0, told.stderr
    checks = [json.loads(line) for line in told.stdout.splitlines()]
    assert {each["id"] for each in checks} >= {"encodings.default", "crypto.Argon2id"}


def test_another_byte_in_a_wheel_does_not_install(house: Path, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    for each in house.iterdir():
        (copies / each.name).symlink_to(each)
    tried = (*INSTALL, "--dry-run")
    assert run(tmp_path / "machine", "python", *tried, folder=copies).returncode == 0
    changed = next(copies.glob("pyyaml-*.whl"))
    content = changed.read_bytes()
    changed.unlink()
    changed.write_bytes(content + b"\0")
    done = run(tmp_path / "machine", "python", *tried, folder=copies)
    assert done.returncode != 0
    assert "pyyaml" in done.stderr.lower()


def test_its_papers_name_every_wheel(house: Path) -> None:
    wheels = {each.name for each in house.glob("*.whl")}
    sums = dict(
        reversed(line.split("  ")) for line in (house / "SHA256SUMS").read_text().splitlines()
    )
    assert set(sums) == {each.name for each in house.iterdir()} - {"SHA256SUMS"}
    assert all(
        hashlib.sha256((house / name).read_bytes()).hexdigest() == sums[name] for name in wheels
    )
    with (house / "licences.csv").open(newline="", encoding="utf-8") as file:
        licences = {row["package"]: row["licence"] for row in csv.DictReader(file)}
    assert len(licences) == len(wheels)
    assert "unknown" not in licences.values()
    sbom = json.loads((house / "sbom.cdx.json").read_text(encoding="utf-8"))
    assert len(sbom["components"]) == len(wheels) - 1  # padan itself is what it is about
    digests = {each["hashes"][0]["content"] for each in sbom["components"]}
    assert digests < set(sums.values())


def test_the_own_wheel_has_the_same_bytes_twice(house: Path, tmp_path: Path) -> None:
    first = next(house.glob("padan-*.whl"))
    assert wheelhouse.build(tmp_path).read_bytes() == first.read_bytes()
