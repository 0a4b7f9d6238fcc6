"""Commands as processes of their own: full disks, closed pipes, narrow consoles, signals."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.support.processes import PATIENCE_SECONDS
from tests.support.programme import PARTIES, PROJECT, ROOT, Programme

PACKAGES = {
    "padan-encoder": "encoder",
    "padan-policy": "policy",
    "padan-linkage": "linkage_service",
}
NEEDLESS = ("PADAN_HOME", "PADAN_PASSPHRASE_FILE", "PADAN_LANG")


def command_line(script: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", PACKAGES[script], *arguments]


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in NEEDLESS}
    proxies = [name for name in kept if name.lower().endswith("_proxy")]
    kept = {name: value for name, value in kept.items() if name not in proxies}
    return kept | {"PADAN_LANG": "both"} | more


def process(
    script: str, *arguments: str, folder: Path = ROOT, **more: str
) -> subprocess.CompletedProcess[bytes]:
    """Standard output and error in bytes, as they were written."""
    return subprocess.run(
        command_line(script, *arguments),
        cwd=folder,
        env=environment(PYTHONPATH=str(ROOT), **more),
        capture_output=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )


def expect_code(stderr: bytes, code: str) -> None:
    said = stderr.decode("utf-8", "replace")
    assert "Traceback" not in said
    assert f"[{code}]" in said
    assert "hint:" in said
    assert "saran:" in said


# Standard output


@pytest.mark.parametrize(
    "arguments",
    [("rules",), ("--json", "rules"), ("--help",), ("schema", "--help"), ("inspect", "base.csv")],
)
def test_a_full_disk_on_standard_output(arguments: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "base.csv").write_text("id,nama\n1,SITI\n2,ANI\n")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command_line("padan-encoder", *arguments),
            cwd=tmp_path,
            env=environment(PYTHONPATH=str(ROOT)),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 3
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    assert b"No space left" in done.stderr


@pytest.mark.parametrize("arguments", [("rules",), ("--json", "rules"), ("inspect", "gone.csv")])
def test_standard_error_on_a_full_disk_keeps_the_exit_code(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command_line("padan-encoder", *arguments),
            cwd=ROOT,
            env=environment(),
            stderr=full,
            stdout=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == (3 if "inspect" in arguments else 0)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(
    "arguments",
    [
        "inspect gone.csv",
        "rules",
        pytest.param(
            "--json rules", marks=pytest.mark.thorough("test_streams_that_the_caller_closed")
        ),
    ],
)
def test_streams_that_the_caller_closed(closed: str, arguments: str) -> None:
    done = subprocess.run(
        f"{sys.executable} -m encoder {arguments} {closed}",
        shell=True,  # a shell closes them
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == (3 if "inspect" in arguments else 0)
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [("duties",), ("--json", "duties"), ("charter", "schema")])
def test_nobody_reads_the_answer(arguments: tuple[str, ...]) -> None:
    """As `| head` does once it has read enough."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            command_line("padan-policy", *arguments),
            cwd=ROOT,
            env=environment(),
            stdout=writing,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(writing)
    assert done.returncode == 128 + signal.SIGPIPE
    assert done.stderr == b""


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_console_that_lacks_characters(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "base.csv").write_text("id,nama\n1,SITI ✓ Ω\n2,ANI\n", encoding="utf-8")
    name = "naskah Ω.csv"
    (tmp_path / "base.csv").rename(tmp_path / name)
    seen = process(
        "padan-encoder",
        "inspect",
        name,
        folder=tmp_path,
        PYTHONIOENCODING=encoding,
        PYTHONUTF8="0",
    )
    assert seen.returncode == 0, seen.stderr
    assert rb"naskah \u03a9.csv" in seen.stdout
    gone = process(
        "padan-encoder", "inspect", "Ω", folder=tmp_path, PYTHONIOENCODING=encoding, PYTHONUTF8="0"
    )
    expect_code(gone.stderr, "file.missing")
    told = process(
        "padan-encoder",
        "--json",
        "inspect",
        name,
        folder=tmp_path,
        PYTHONIOENCODING=encoding,
        PYTHONUTF8="0",
    )
    assert json.loads(told.stdout.decode("ascii"))["source"] == name


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_marks_stay_different_in_a_narrow_encoding(encoding: str) -> None:
    program = (
        "from policy.terminal import console\n"
        "console.run(lambda: [console.out.print('✓ yes ✗ no → ≥ …'), console.err.print('✓')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment(PYTHONIOENCODING=encoding),
        capture_output=True,
        check=True,
    )
    assert done.stdout.startswith(b"v yes x no -> >= ")
    assert done.stderr == b"v\n"


# Files of a terminal's user


def answer_at_a_terminal(folder: Path, answer: str, *arguments: str) -> tuple[int, str]:
    """Run padan-encoder on a terminal of its own, and answer its question."""
    import pty

    mine, theirs = pty.openpty()
    with subprocess.Popen(
        command_line("padan-encoder", *arguments),
        cwd=folder,
        env=environment(PYTHONPATH=str(ROOT), PADAN_LANG="en"),
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
    ) as asked:
        os.close(theirs)
        said = b""
        while b"[y/N]" not in said:
            said += os.read(mine, 1024)
        os.write(mine, f"{answer}\n".encode())
        assert asked.stdout is not None
        asked.stdout.read()
        code = asked.wait()
    os.close(mine)
    return code, said.decode()


def test_a_person_at_a_terminal_is_asked(tmp_path: Path) -> None:
    (tmp_path / "base.csv").write_text("id,nama\n1,SITI\n2,ANI\n")
    out = tmp_path / "m.yaml"
    out.write_text("by hand\n")
    code, said = answer_at_a_terminal(tmp_path, "n", "inspect", "base.csv", "--out", "m.yaml")
    assert "m.yaml exists already. Replace it?" in said
    assert (code, out.read_text()) == (3, "by hand\n")
    code, _ = answer_at_a_terminal(tmp_path, "y", "inspect", "base.csv", "--out", "m.yaml")
    assert code == 0
    assert "fields:" in out.read_text()


def test_where_nobody_can_be_asked_force_is_named(tmp_path: Path) -> None:
    (tmp_path / "base.csv").write_text("id,nama\n1,SITI\n2,ANI\n")
    out = tmp_path / "m.yaml"
    out.write_text("by hand\n")
    inspect = ("inspect", "base.csv", "--out", "m.yaml")
    done = process("padan-encoder", *inspect, folder=tmp_path)
    expect_code(done.stderr, "out.exists")
    assert b"--force" in done.stderr
    assert out.read_text() == "by hand\n"
    assert process("padan-encoder", *inspect, "--force", folder=tmp_path).returncode == 0
    again = process("padan-encoder", *inspect, folder=tmp_path)
    assert again.returncode == 0, "given twice it is harmless"


def test_the_source_is_not_overwritten(tmp_path: Path) -> None:
    base = tmp_path / "base.csv"
    base.write_text("id,nama\n1,SITI\n2,ANI\n")
    (tmp_path / "m.yaml").write_text("record_id: id\nfields: {nama: nama}\n")
    (tmp_path / "lain.yaml").symlink_to(base)
    os.mkfifo(tmp_path / "pipa.html")
    check = ("check", "base.csv", "--mapping", "m.yaml", "--force", "--html")
    for arguments, code in (
        (("inspect", "base.csv", "--force", "--out", "base.csv"), "out.input"),
        (("inspect", "base.csv", "--force", "--out", str(base)), "out.input"),
        (("inspect", "base.csv", "--force", "--out", "lain.yaml"), "out.link"),
        ((*check, "./base.csv"), "out.input"),
        ((*check, "m.yaml"), "out.input"),
        ((*check, "pipa.html"), "out.not-a-file"),
    ):
        expect_code(process("padan-encoder", *arguments, folder=tmp_path).stderr, code)
    assert base.read_text() == "id,nama\n1,SITI\n2,ANI\n"
    assert (tmp_path / "pipa.html").is_fifo()


def test_a_path_that_is_printed_can_be_pasted(tmp_path: Path) -> None:
    name = "daftar warga (2) 'baru'.csv"
    (tmp_path / name).write_text("id,nama,nik\n1,SITI,3175991702667365\n2,ANI,3175996712673749\n")
    done = process(
        "padan-encoder",
        "inspect",
        name,
        "--out",
        "pemetaan baru.yaml",
        folder=tmp_path,
        PADAN_LANG="en",
    )
    pasted = done.stdout.decode().rpartition("then: padan-encoder ")[2].splitlines()[0]
    shell = subprocess.run(
        f"{sys.executable} -m encoder {pasted}",
        shell=True,  # as a person does it
        cwd=tmp_path,
        env=environment(PYTHONPATH=str(ROOT)),
        capture_output=True,
        check=False,
    )
    assert shell.returncode == 0, shell.stderr


# Ports and proxies


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def identity(folder: Path, *roles: str) -> tuple[str, ...]:
    """A home with these roles that has joined nothing; the options that open it."""
    (folder / "kata").write_text("kata sandi panjang")
    options = ("--home", str(folder / "home"), "--passphrase-file", str(folder / "kata"))
    flags = [flag for role in roles for flag in ("--role", role)]
    create = ("identity", "create", "satu", "--agency", "bps", "--name", "Satu", *flags)
    assert process("padan-policy", *options, *create).returncode == 0
    return options


def test_a_taken_port(tmp_path: Path) -> None:
    """Of the service and of both pages."""
    programme = Programme(tmp_path / "p", persons=30)
    programme.found()
    programme.join("bps-approver", "--roster", str(programme.folder / "roster.json"))
    serve = ("serve", "--port")
    page = ("ui", "--no-open", "--port")
    with taken_port() as port:
        for party, script, arguments in (
            ("service", "padan-linkage", serve),
            ("bps", "padan-encoder", page),
            ("bps-approver", "padan-policy", page),
        ):
            done = process(script, *home_of(programme, party), *arguments, str(port))
            assert done.returncode == 3
            expect_code(done.stderr, "port.taken")
    service = home_of(programme, "service")
    done = process("padan-linkage", *service, "serve", "--host", "192.0.2.1")
    expect_code(done.stderr, "port.address")


def home_of(programme: Programme, party: str) -> tuple[str, ...]:
    passphrase = programme.folder / "passphrases" / party
    return ("--home", str(programme.home(party)), "--passphrase-file", str(passphrase))


def test_serve_before_join(tmp_path: Path) -> None:
    options = identity(tmp_path, "service")
    done = process("padan-linkage", *options, "serve", "--port", "1")
    assert done.returncode == 6
    expect_code(done.stderr, "home.no-service")


class _Refusing(BaseHTTPRequestHandler):
    """A proxy that lets nobody through."""

    def do_GET(self) -> None:
        self.send_error(403)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def refusing_proxy() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), _Refusing)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def join(tmp_path: Path, url: str, **proxies: str) -> subprocess.CompletedProcess[bytes]:
    options = identity(tmp_path, "party")
    arguments = ("join", "--service", url, "--roster-digest", "ab" * 32)
    return process("padan-policy", *options, *arguments, **proxies)


def test_a_proxy_that_refuses_is_named(tmp_path: Path) -> None:
    with refusing_proxy() as port:
        done = join(
            tmp_path, "http://padan.invalid", HTTP_PROXY=f"http://budi:geheim@127.0.0.1:{port}"
        )
    assert done.returncode == 8
    expect_code(done.stderr, "service.proxy")
    said = done.stderr.decode()
    assert f"127.0.0.1:{port}" in said
    assert "HTTP_PROXY" in said
    assert "NO_PROXY=padan.invalid" in said
    assert "403" in said
    assert "geheim" not in said


def test_a_proxy_that_does_not_answer_is_named(tmp_path: Path) -> None:
    done = join(tmp_path, "http://padan.invalid", all_proxy="127.0.0.1:9")
    assert done.returncode == 8
    expect_code(done.stderr, "service.proxy")
    assert b"all_proxy" in done.stderr


def test_a_socks_proxy_is_named(tmp_path: Path) -> None:
    proxy = "socks5h://budi:geheim@127.0.0.1:9"
    done = join(tmp_path, "http://padan.invalid", ALL_PROXY=proxy)
    assert done.returncode == 3
    expect_code(done.stderr, "proxy.kind")
    assert b"geheim" not in done.stderr


def test_a_proxy_that_is_not_for_this_host_does_not_matter(tmp_path: Path) -> None:
    proxy = {"ALL_PROXY": "socks5://127.0.0.1:9", "NO_PROXY": "127.0.0.1"}
    expect_code(join(tmp_path, "http://127.0.0.1:9", **proxy).stderr, "service.unreachable")


# A programme


def test_a_programme_in_folders_with_odd_names(tmp_path: Path) -> None:
    """Homes, stores and the service's databases: '#', '%20', '?' and a blank are letters."""
    programme = Programme(tmp_path / "rumah #1 %20?x", persons=900)
    programme.reach("agreed")
    with programme.serving():
        programme.upload()
        programme.match("padan-1")
    assert [each.name for each in tmp_path.iterdir()] == ["rumah #1 %20?x"]
    assert (programme.home("service") / "service" / "padan.sqlite").is_file()


# A limit on the size of files fails as a full disk does.
LIMITED = """
import resource, sys
limit = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
from encoder.__main__ import main
main()
"""


def test_a_signal_or_a_full_disk_during_prepare_leaves_nothing(tmp_path: Path) -> None:
    programme = Programme(tmp_path / "p", persons=900)
    programme.reach("signed")
    with programme.serving():
        programme.run("dinsos", "padan-policy", "witness", PROJECT)
        lines = (programme.folder / "sources" / "dtks.csv").read_text().splitlines()
        many = programme.folder / "banyak.csv"
        many.write_text("\n".join([lines[0], *lines[1:] * 400]) + "\n")
        prepared = programme.home("dinsos") / "projects" / PROJECT / "prepared"
        mapping = ROOT / "docs" / "tutorials" / "jakarta" / "mapping-dtks.yaml"
        options = home_of(programme, "dinsos")
        arguments = ("prepare", PROJECT, "dtks", str(many), "--mapping", str(mapping))
        with subprocess.Popen(
            command_line("padan-encoder", *options, *arguments),
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as running:
            until = time.monotonic() + PATIENCE_SECONDS
            while not prepared.exists() or not list(prepared.iterdir()):
                assert running.poll() is None, "ended too early"
                assert time.monotonic() < until
                time.sleep(0.01)
            running.send_signal(signal.SIGTERM)
            _, said = running.communicate(timeout=PATIENCE_SECONDS)
        assert running.returncode == -signal.SIGTERM
        assert b"Traceback" not in said
        assert list(prepared.iterdir()) == []
        limited = [sys.executable, "-c", LIMITED, str(1 << 20), *options, *arguments]
        full = subprocess.run(
            limited,
            cwd=ROOT,
            env=environment(),
            capture_output=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )
    assert full.returncode == 3
    expect_code(full.stderr, "file.system")
    assert list(prepared.iterdir()) == []


def test_a_prepared_source_is_not_overwritten(tmp_path: Path) -> None:
    """By any command of any program, once a project was prepared from it."""
    programme = Programme(tmp_path / "p", persons=700)
    programme.reach("signed", programme.tree_of_any_size())
    sources = programme.folder / "sources"
    mapping = programme.folder / "m.yaml"
    mapping.write_bytes((ROOT / "docs/tutorials/jakarta/mapping-dtks.yaml").read_bytes())
    with programme.serving():
        arguments = ("prepare", PROJECT, "dtks", str(sources / "dtks.csv"))
        programme.run("dinsos", "padan-encoder", *arguments, "--mapping", str(mapping))
        before = (sources / "dtks.csv").read_bytes()
        for script, command in (
            ("padan-encoder", ("refused", PROJECT, "dtks", "--out", str(sources / "dtks.csv"))),
            ("padan-encoder", ("schema", "padan-id-2", "--out", str(mapping))),
            ("padan-policy", ("charter", "new", str(mapping))),
        ):
            for more in ((), ("--force",)):
                answer = programme.run("dinsos", script, *command, *more, code=3)
                assert answer.error is not None
                assert answer.error.code == "out.prepared"
        synth = ("synth", str(sources), "--persons", "30", "--force")
        answer = programme.run("dinsos", "padan-encoder", *synth, code=3)
        assert answer.error is not None
        assert answer.error.code == "out.prepared"
        assert (sources / "dtks.csv").read_bytes() == before
        out = tmp_path / "ditolak.xlsx"
        programme.run("dinsos", "padan-encoder", "refused", PROJECT, "dtks", "--out", str(out))
        assert out.read_bytes().startswith(b"PK")
        inside = programme.home(PARTIES[0]) / "x.csv"
        answer = programme.run(
            "dinsos", "padan-encoder", "refused", PROJECT, "dtks", "--out", str(inside), code=3
        )
        assert answer.error is not None
        assert answer.error.code == "out.home"
