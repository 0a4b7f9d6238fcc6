"""The gate for files that a person names: what is never written, and what is asked about."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from policy.base.errors import BadInput
from policy.base.output import JSON, Folder, Form, Gate, Output, names_a_device
from policy.base.words import Words
from policy.terminal.prepared_from import prepared_from


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(BadInput) as caught:
        act()
    assert caught.value.hint.id != caught.value.hint.en
    return caught.value.code


def text(path: Path, content: str = "old") -> Path:
    path.write_text(content)
    return path


def test_a_new_file_is_written(tmp_path: Path) -> None:
    out = Gate().admit(Output(tmp_path / "sub" / "new.json", JSON))
    out.write(b"{}")
    assert out.path.read_bytes() == b"{}"
    assert [each.name for each in out.path.parent.iterdir()] == ["new.json"]


@pytest.mark.parametrize("force", [False, True])
def test_an_input_is_never_written_however_it_is_named(tmp_path: Path, force: bool) -> None:
    source = text(tmp_path / "base.csv")
    (tmp_path / "folder").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path)
    os.link(source, tmp_path / "hard.csv")
    gate = Gate(inputs=(tmp_path / "link.csv",), force=force)
    (tmp_path / "link.csv").symlink_to(source)
    for name in ("base.csv", "folder/../base.csv", "linked/base.csv", "hard.csv"):
        assert code_of(lambda name=name: gate.admit(Output(tmp_path / name))) == "out.input"  # type: ignore[misc]
    assert source.read_text() == "old"


@pytest.mark.parametrize("force", [False, True])
def test_nothing_but_a_plain_file_is_replaced(tmp_path: Path, force: bool) -> None:
    gate = Gate(force=force)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "link").symlink_to(text(tmp_path / "target"))
    with socket.socket(socket.AF_UNIX) as server:
        place = Path.cwd()
        os.chdir(tmp_path)  # the whole path may be too long for a socket
        try:
            server.bind("socket")
        finally:
            os.chdir(place)
    for name in ("pipe", "folder", "socket"):
        assert code_of(lambda name=name: gate.admit(Output(tmp_path / name))) == "out.not-a-file"  # type: ignore[misc]
    for name in ("dangling", "link"):
        assert code_of(lambda name=name: gate.admit(Output(tmp_path / name))) == "out.link"  # type: ignore[misc]
    for device in ("/dev/null", "/dev/full", "-"):
        assert code_of(lambda device=device: gate.admit(Output(Path(device)))) == "out.not-a-file"  # type: ignore[misc]
    assert code_of(lambda: gate.admit(Output(Path("/dev/stdout")))) in {
        "out.link",
        "out.not-a-file",
    }
    assert (tmp_path / "target").read_text() == "old"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("name", ["NUL", "nul.csv", "con", "COM1.xlsx", "base.csv:hidden"])
def test_a_device_of_windows_is_known_by_its_name(name: str) -> None:
    assert names_a_device(name)


@pytest.mark.parametrize("name", ["nulis.csv", "COM10.csv", "console.csv", "daftar.csv"])
def test_other_names_are_no_devices(name: str) -> None:
    assert not names_a_device(name)


def test_nothing_is_written_into_a_home_folder(tmp_path: Path) -> None:
    home, other = tmp_path / "home", tmp_path / "other"
    other.mkdir()
    text(other / "keys.json")
    text(other / "identity.json")
    (tmp_path / "linked").symlink_to(other)
    gate = Gate(homes=(home,), force=True)
    for name in ("home/x.csv", "home/sub/x.csv", "other/new.csv", "linked/sub/new.csv"):
        assert code_of(lambda name=name: gate.admit(Output(tmp_path / name))) == "out.home"  # type: ignore[misc]
    assert code_of(lambda: gate.admit(Output(other / "keys.json"))) == "out.home"
    assert code_of(lambda: gate.admit_folder(Folder(home / "sub"))) == "out.home"
    assert gate.admit(Output(home / ".." / "beside.csv"))


def store(home: Path, source: str, mapping: str) -> None:
    path = home / "projects" / "p" / "prepared" / "dtks.sqlite"
    path.parent.mkdir(parents=True)
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE meta (key TEXT, value TEXT)")
        rows = [("source", source), ("mapping", mapping), ("count", "3")]
        connection.executemany("INSERT INTO meta VALUES (?, ?)", rows)
    connection.close()


def test_what_a_project_was_prepared_from_is_never_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, source = tmp_path / "rumah #%20", text(tmp_path / "dtks.csv")
    lost, database = tmp_path / "lost.yaml", tmp_path / "base data.db"
    store(home, str(source), str(lost))
    gate = Gate(prepared=prepared_from(home), force=True)
    assert code_of(lambda: gate.admit(Output(source))) == "out.prepared"
    assert code_of(lambda: gate.admit(Output(tmp_path / "x" / ".." / "lost.yaml"))) == (
        "out.prepared"
    )
    monkeypatch.setenv("SUMBER", f"sqlite:///{tmp_path}/base%20data.db?timeout=3")
    store(tmp_path / "second", "env:SUMBER", str(lost))
    second = Gate(prepared=prepared_from(tmp_path / "second"))
    assert code_of(lambda: second.admit(Output(text(database)))) == "out.prepared"


def test_a_damaged_store_does_not_stop_a_command(tmp_path: Path) -> None:
    store(tmp_path, "a.csv", "m.yaml")
    (tmp_path / "projects" / "p" / "prepared" / "ppks.sqlite").write_text("no database")
    assert prepared_from(tmp_path) == (Path("a.csv"), Path("m.yaml"))


def test_another_file_is_replaced_after_a_question_or_by_force(tmp_path: Path) -> None:
    asked: list[Words] = []

    def answer(yes: bool) -> Callable[[Words], bool]:
        def ask(question: Words) -> bool:
            asked.append(question)
            return yes

        return ask

    out = Output(text(tmp_path / "list.csv"))
    assert code_of(lambda: Gate().admit(out)) == "out.exists"
    assert code_of(lambda: Gate(ask=answer(False)).admit(out)) == "out.exists"
    assert out.path.read_text() == "old"
    Gate(ask=answer(True)).admit(out).write(b"new")
    assert out.path.read_text() == "new"
    Gate(force=True).admit(out).write(b"newer")
    assert out.path.read_text() == "newer"
    assert len(asked) == 2
    assert all("list.csv" in each.id for each in asked)


def test_a_repeatable_command_given_twice_changes_nothing(tmp_path: Path) -> None:
    repeatable = Form(repeatable=True)
    path = text(tmp_path / "m.yaml", "same")
    before = path.stat()
    out = Gate().admit(Output(path, repeatable))
    assert "unchanged" in out.write(b"same").en
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino
    assert code_of(lambda: out.write(b"other")) == "out.exists"
    assert path.read_text() == "same"


def test_a_repeatable_stream_is_compared_when_it_is_whole(tmp_path: Path) -> None:
    path = text(tmp_path / "list.csv", "a\nb\n")
    before = path.stat()
    out = Gate().admit(Output(path, Form(repeatable=True)))
    out.write_stream([b"a\n", b"b\n"])
    assert path.stat().st_ino == before.st_ino
    assert code_of(lambda: out.write_stream([b"a\n", b"c\n"])) == "out.exists"
    assert path.read_text() == "a\nb\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_appears_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    out = Gate().admit(Output(tmp_path / "list.csv"))
    text(out.path, "of somebody else")
    assert code_of(lambda: out.write(b"new")) == "out.exists"
    with pytest.raises(BadInput), out.replacing():
        raise AssertionError("must not begin")
    assert out.path.read_text() == "of somebody else"


def test_an_ending_that_is_not_written_is_refused(tmp_path: Path) -> None:
    only = Form((".csv", ".xlsx"), only=True)
    for name in ("a.xls", "a.ods", "a", "a.csv.zip"):
        assert code_of(lambda name=name: Gate().admit(Output(tmp_path / name, only))) == (  # type: ignore[misc]
            "out.ending"
        )
    for name in ("a.xlsx", "a.csv", "a.HTML"):
        assert code_of(lambda name=name: Gate().admit(Output(tmp_path / name, JSON))) == (  # type: ignore[misc]
            "out.ending"
        )
    for name, form in (("a.CSV", only), ("a.json", JSON), ("a.ask", JSON), ("a", JSON)):
        assert Gate().admit(Output(tmp_path / name, form))


def test_files_of_a_folder_pass_the_same_gate(tmp_path: Path) -> None:
    source = text(tmp_path / "dtks.csv")
    folder = Gate(prepared=(source,), force=True).admit_folder(Folder(tmp_path))
    assert code_of(lambda: folder.file("dtks.csv")) == "out.prepared"
    assert folder.file("new.csv").path == tmp_path / "new.csv"
    assert code_of(lambda: Gate().admit_folder(Folder(source))) == "out.not-a-file"
