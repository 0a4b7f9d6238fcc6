"""Files are written whole or not at all, and nothing is left next to them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from policy.base.errors import BadInput
from policy.base.files import missing_file, read_file, replacing, write_file, write_stream


def code_of(caught: pytest.ExceptionInfo[BadInput]) -> str:
    return caught.value.code


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    """A limit on the size of files fails as a full disk does, also when a file is closed."""
    program = """
import resource, sys
from pathlib import Path
from policy.base.errors import BadInput
from policy.base.files import write_file, write_stream
limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
for data in (b"n" * 3_000, b"n" * 3_000_000):
    try:
        write_file(Path(sys.argv[1]), data)
    except BadInput as error:
        print(error.code, error.hint.en)
"""
    for limit in (0, 100):
        out = tmp_path / "list.csv"
        out.write_text("old")
        done = subprocess.run(
            [sys.executable, "-c", program, str(out), str(limit)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.count("file.unwritable Free some space") == 2, done.stderr
        assert out.read_text() == "old"
        assert [each.name for each in tmp_path.iterdir()] == ["list.csv"]


def test_a_folder_that_is_lost_while_writing(tmp_path: Path) -> None:
    folder = tmp_path / "stick"

    def blocks() -> Iterator[bytes]:
        yield b"a"
        shutil.rmtree(folder)
        yield b"b"

    with pytest.raises(BadInput) as caught:
        write_stream(folder / "list.csv", blocks())
    assert code_of(caught) == "file.unwritable"
    assert "lost" in caught.value.hint.en
    assert not folder.exists()


def test_a_file_that_another_program_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows refuses to replace a file that Excel has open."""
    out = tmp_path / "list.csv"
    out.write_text("old")

    def held(*_: object) -> None:
        raise PermissionError(13, "Access is denied", str(out))

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(BadInput) as caught:
        write_file(out, b"new")
    assert code_of(caught) == "file.in-use"
    assert "Excel" in caught.value.hint.en
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_a_failing_library_leaves_nothing(tmp_path: Path) -> None:
    out = tmp_path / "list.xlsx"
    with pytest.raises(BadInput) as caught, replacing(out) as temporary:
        raise OSError(28, "No space left on device", str(temporary))
    assert code_of(caught) == "file.unwritable"
    with pytest.raises(FileNotFoundError), replacing(out):
        (tmp_path / "source.csv").read_bytes()  # trouble with another file is not ours
    with pytest.raises(KeyboardInterrupt), replacing(out):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_long_name_can_be_written(tmp_path: Path) -> None:
    out = tmp_path / ("n" * 251 + ".csv")
    write_file(out, b"a")
    assert out.read_bytes() == b"a"


def test_private_files_are_private(tmp_path: Path) -> None:
    write_file(tmp_path / "a", b"a", private=True)
    write_file(tmp_path / "b", b"b")
    modes = [(tmp_path / each).stat().st_mode & 0o777 for each in "ab"]
    assert modes == [0o600, 0o644]


def test_why_a_file_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("")
    assert missing_file(tmp_path / "gone").code == "file.missing"
    assert missing_file(tmp_path / "there").code == "file.unreadable"
    assert missing_file(tmp_path).code == "file.folder"
    with pytest.raises(BadInput) as caught:
        read_file(tmp_path)
    assert code_of(caught) == "file.folder"
    assert os.listdir(tmp_path) == ["there"]  # noqa: PTH208 - names
