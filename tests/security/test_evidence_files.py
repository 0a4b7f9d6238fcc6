"""What is no bundle, or means harm, is refused with its reason, in bounded memory and time."""

from __future__ import annotations

import json
import random
import stat
import struct
import subprocess
import sys
import textwrap
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from policy.base.errors import BadInput
from policy.evidence import EXIT_FAILED, read_bundle, verify_bundle
from policy.evidence import bundle_members as members
from tests.support.bundles import write_bundle
from tests.support.republic import Republic

MEBIBYTE = 1 << 20
# The programs themselves take some 60 MiB; what they may hold of a bundle is bounded by 256.
MOST_MEMORY = 700 * MEBIBYTE


@pytest.fixture(scope="module")
def republic() -> Republic:
    return Republic().to("receipt")


@pytest.fixture
def honest(republic: Republic, tmp_path: Path) -> Path:
    path = tmp_path / "bundle.zip"
    write_bundle(path, republic.evidence())
    return path


def test_a_bundle_reads_as_it_was_written(republic: Republic, honest: Path) -> None:
    assert read_bundle(honest) == republic.evidence()


# -- evil files, each by its generator ---------------------------------------------------------


def zeros(path: Path) -> None:
    """600 MiB of zeros, honest about their size: refused by the directory alone."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("checkpoint.txt", "roster.json"):
            archive.writestr(name, "x")
        with archive.open("entries.jsonl", "w", force_zip64=False) as member:
            for _ in range(600):
                member.write(bytes(MEBIBYTE))


def lying_about_size(path: Path) -> None:
    """The same, and directory and header say that it is one byte."""
    zeros(path)
    data = bytearray(path.read_bytes())
    real, lie = struct.pack("<L", 600 * MEBIBYTE), struct.pack("<L", 1)
    path.write_bytes(bytes(data).replace(real, lie))


def newlines(path: Path) -> None:
    """200 MiB of empty lines: each would be an entry."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("entries.jsonl", "w") as member,
    ):
        archive_block = b"\n" * MEBIBYTE
        for _ in range(200):
            member.write(archive_block)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("roster.json", "{}")
        archive.writestr("checkpoint.txt", "x")


def many_members(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(30_000):
            archive.writestr(f"cosigned/{number}.txt", b"")


def endless_directory(path: Path) -> None:
    """Two members whose directory is many times what two members need."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("roster.json", "checkpoint.txt"):
            info = zipfile.ZipInfo(name)
            info.comment = b"x" * 60_000
            archive.writestr(info, b"")


def two_gigabytes(path: Path) -> None:
    """A file of 2 GiB that takes no room on disk."""
    with path.open("wb") as file:
        file.truncate(2 << 30)


def overlapping(path: Path) -> None:
    """Twenty thousand members, all of which are the same megabytes of zeros."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packed.compress(bytes(8 * MEBIBYTE)) + packed.flush()
    crc = zlib.crc32(bytes(8 * MEBIBYTE))
    names = [f"cosigned/{number}.txt".encode() for number in range(19_000)]
    names += [b"roster.json", b"entries.jsonl", b"checkpoint.txt"]
    head = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 33, crc, len(body), 1, 0, 0)
    directory = b"".join(
        struct.pack(
            "<4s6H3L5H2L",
            b"PK\1\2",
            20,
            20,
            0,
            8,
            0,
            33,
            crc,
            len(body),
            1,
            len(n),
            0,
            0,
            0,
            0,
            0,
            0,
        )
        + n
        for n in names
    )
    end = struct.pack(
        "<4s4H2LH",
        b"PK\5\6",
        0,
        0,
        len(names),
        len(names),
        len(directory),
        len(head) + len(body),
        0,
    )
    path.write_bytes(head + body + directory + end)


def nested(path: Path) -> None:
    """A zip in a zip is a member like any other, and no roster."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bundle.zip", b"PK")


BOMBS: dict[Callable[[Path], None], str] = {
    zeros: "evidence.too-large",
    lying_about_size: "evidence.",
    newlines: "evidence.too-large",
    many_members: "evidence.too-large",
    endless_directory: "evidence.too-large",
    two_gigabytes: "evidence.too-large",
    overlapping: "evidence.",
    nested: "evidence.malformed",
}


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: bomb.__name__)
def test_bombs_are_refused_in_bounded_memory(bomb: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    bomb(path)
    found = in_a_process_of_its_own(path)
    assert str(found["code"]).startswith(BOMBS[bomb]), found
    assert int(found["peak"]) < MOST_MEMORY


def in_a_process_of_its_own(path: Path) -> dict[str, object]:
    """The code of the refusal, and the peak memory of a process that did nothing else."""
    program = textwrap.dedent(
        """
        import json, sys
        from pathlib import Path
        from policy.base.errors import BadInput
        from policy.evidence import read_bundle
        from tests.support.memory import peak_bytes
        code = "read"
        try:
            read_bundle(Path(sys.argv[1]))
        except BadInput as error:
            code = error.code
        print(json.dumps({"code": code, "peak": peak_bytes()}))
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def rewritten(honest: Path, evil: Callable[[zipfile.ZipFile], None]) -> None:
    files = {}
    with zipfile.ZipFile(honest) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(honest, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        evil(archive)


def link(archive: zipfile.ZipFile) -> None:
    info = zipfile.ZipInfo("cosigned/00000099.txt")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(info, "/etc/hostname")


def named(name: str) -> Callable[[zipfile.ZipFile], None]:
    return lambda archive: archive.writestr(name, b"x")


def packed_otherwise(archive: zipfile.ZipFile) -> None:
    archive.writestr("cosigned/00000099.txt", b"x", zipfile.ZIP_BZIP2)


@pytest.mark.parametrize(
    ("evil", "reason"),
    [
        (link, "link"),
        (packed_otherwise, "packed another way"),
        (named("/etc/cron.d/x"), "no bundle has"),
        (named("../../roster.json"), "no bundle has"),
        (named("facts/../../x.json"), "no bundle has"),
        (named("C:\\roster.json"), "no bundle has"),
        (named("cosigned/x.txt"), "no bundle has"),
        (named("README"), "no bundle has"),
    ],
)
def test_members_that_a_bundle_does_not_have_are_refused(
    honest: Path, evil: Callable[[zipfile.ZipFile], None], reason: str
) -> None:
    rewritten(honest, evil)
    assert reason in refusal(honest)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["roster.json", "entries.jsonl"])
def test_a_name_that_repeats_is_refused(honest: Path, name: str) -> None:
    """Two readers could each take another one of them."""
    rewritten(honest, named(name))
    assert "repeats" in refusal(honest)


def test_encrypted_members_are_refused(honest: Path) -> None:
    data = bytearray(honest.read_bytes())
    for signature, offset in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        data[data.index(signature) + offset] |= 1
    honest.write_bytes(data)
    assert "encrypted" in refusal(honest)


@pytest.mark.parametrize("name", ["roster.json", "entries.jsonl", "checkpoint.txt"])
def test_what_is_missing_is_named(republic: Republic, tmp_path: Path, name: str) -> None:
    path = tmp_path / "bundle.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for each, data in members(republic.evidence()).items():
            if each != name:
                archive.writestr(each, data)
    assert f"no {name}" in refusal(path)


@pytest.mark.parametrize("extra", [b"x", b"PK\5\6", b"\0" * 22])
def test_content_outside_the_zip_is_refused(honest: Path, extra: bytes) -> None:
    whole = honest.read_bytes()
    for data in (extra + whole, whole + extra):
        honest.write_bytes(data)
        refusal(honest)


def test_a_comment_is_refused(honest: Path) -> None:
    with zipfile.ZipFile(honest, "a") as archive:
        archive.comment = b"PK\5\6 another end"
    refusal(honest)


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip at all" * 100, b"PK\5\6" + b"\0" * 18])
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(content)
    refusal(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    refusal(tmp_path / "nothing.zip")


def test_a_zip_cut_short_anywhere_is_refused(honest: Path) -> None:
    whole = honest.read_bytes()
    for end in random.Random(4).sample(range(len(whole)), 60):
        honest.write_bytes(whole[:end])
        refusal(honest)


def test_a_damaged_zip_is_refused_or_fails_its_checks(republic: Republic, honest: Path) -> None:
    """Bytes changed at random: no exception of another kind, and nothing wrong verifies."""
    whole, chance = honest.read_bytes(), random.Random(7)
    digest, kept = republic.roster.digest(), republic.checkpoint(5)
    for _ in range(150):
        data = bytearray(whole)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        honest.write_bytes(data)
        try:
            bundle = read_bundle(honest)
        except BadInput:
            continue
        if bundle != republic.evidence():
            # A name or an order may have changed, and with it only which witness is counted.
            assert verify_bundle(bundle, digest, kept).exit_code in (0, EXIT_FAILED)


def refusal(path: Path) -> str:
    with pytest.raises(BadInput) as caught:
        read_bundle(path)
    assert caught.value.code in ("evidence.malformed", "evidence.too-large")
    assert str(path) in caught.value.problem.id
    return caught.value.problem.en
