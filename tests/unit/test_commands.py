"""Every command of the three programs: what it writes for a person passes the gate."""

from __future__ import annotations

import ast
import inspect
import platform
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from policy.base.errors import BadInput
from policy.base.output import Folder, Output
from tests.support.programme import ROOT, app, command, expect

PROGRAMS = ("padan-encoder", "padan-linkage", "padan-policy")

# Every parameter that names a file or a folder to read. Whatever a command writes is an `Output`.
READ = {
    ("padan-encoder", "changes", "mapping"),
    ("padan-encoder", "changes", "mapping_before"),
    ("padan-encoder", "changes", "source"),
    ("padan-encoder", "changes", "source_before"),
    ("padan-encoder", "check", "charter"),
    ("padan-encoder", "check", "file"),
    ("padan-encoder", "check", "mapping"),
    ("padan-encoder", "coverage", "mapping"),
    ("padan-encoder", "coverage", "reverse"),
    ("padan-encoder", "coverage", "source"),
    ("padan-encoder", "delta", "file"),
    ("padan-encoder", "delta", "mapping"),
    ("padan-encoder", "delta", "suppress"),
    ("padan-encoder", "hash", "file"),
    ("padan-encoder", "hash", "schema"),
    ("padan-encoder", "hash", "secret_file"),
    ("padan-encoder", "inspect", "charter"),
    ("padan-encoder", "inspect", "file"),
    ("padan-encoder", "list", "mapping"),
    ("padan-encoder", "list", "source"),
    ("padan-encoder", "open-attributes", "file"),
    ("padan-encoder", "open-leaves", "draw"),
    ("padan-encoder", "prepare", "file"),
    ("padan-encoder", "prepare", "mapping"),
    ("padan-encoder", "prepare", "suppress"),
    ("padan-encoder", "probe", "charter"),
    ("padan-encoder", "probe", "repeat"),
    ("padan-encoder", "programme apply", "mapping"),
    ("padan-encoder", "programme apply", "present"),
    ("padan-encoder", "programme apply", "rules"),
    ("padan-encoder", "programme apply", "source"),
    ("padan-encoder", "programme check", "rules"),
    ("padan-encoder", "programme try", "file"),
    ("padan-encoder", "programme try", "mapping"),
    ("padan-encoder", "programme try", "present"),
    ("padan-encoder", "go", "charter"),
    ("padan-encoder", "programme try", "rules"),
    ("padan-encoder", "review form", "mapping"),
    ("padan-encoder", "review form", "source"),
    ("padan-encoder", "review say", "file"),
    ("padan-encoder", "review take", "file"),
    ("padan-encoder", "share", "mapping"),
    ("padan-encoder", "share", "source"),
    ("padan-encoder", "withdraw", "ids"),
    ("padan-linkage", "backup", "database_url_file"),
    ("padan-linkage", "compare", "left"),
    ("padan-linkage", "compare", "right"),
    ("padan-linkage", "dedupe", "file"),
    ("padan-linkage", "doctor", "backups"),
    ("padan-linkage", "doctor", "blobs_credentials"),
    ("padan-linkage", "doctor", "database_url_file"),
    ("padan-linkage", "doctor", "token_module"),
    ("padan-linkage", "doctor", "token_pin_file"),
    ("padan-linkage", "go", "blobs_credentials"),
    ("padan-linkage", "go", "database_url_file"),
    ("padan-linkage", "go", "token_module"),
    ("padan-linkage", "go", "token_pin_file"),
    ("padan-linkage", "hand-over", "blobs_credentials"),
    ("padan-linkage", "hand-over", "database_url_file"),
    ("padan-linkage", "hand-over", "request"),
    ("padan-linkage", "people add", "database_url_file"),
    ("padan-linkage", "people disable", "database_url_file"),
    ("padan-linkage", "people list", "database_url_file"),
    ("padan-linkage", "people reset", "database_url_file"),
    ("padan-linkage", "rerun", "handover"),
    ("padan-linkage", "retention", "blobs_credentials"),
    ("padan-linkage", "restore", "database_url_file"),
    ("padan-linkage", "restore", "folder"),
    ("padan-linkage", "retention", "database_url_file"),
    ("padan-linkage", "roster", "path"),
    ("padan-linkage", "serve", "blobs_credentials"),
    ("padan-linkage", "serve", "database_url_file"),
    ("padan-linkage", "ui", "blobs_credentials"),
    ("padan-linkage", "ui", "database_url_file"),
    ("padan-linkage", "ui", "token_module"),
    ("padan-linkage", "ui", "token_pin_file"),
    ("padan-linkage", "worker", "blobs_credentials"),
    ("padan-linkage", "worker", "database_url_file"),
    ("padan-linkage", "hand-over", "token_module"),
    ("padan-linkage", "hand-over", "token_pin_file"),
    ("padan-linkage", "retention", "token_module"),
    ("padan-linkage", "retention", "token_pin_file"),
    ("padan-linkage", "serve", "token_module"),
    ("padan-linkage", "serve", "token_pin_file"),
    ("padan-linkage", "storage", "blobs_credentials"),
    ("padan-linkage", "storage", "database_url_file"),
    ("padan-linkage", "backup", "blobs_credentials"),
    ("padan-linkage", "backup", "token_module"),
    ("padan-linkage", "backup", "token_pin_file"),
    ("padan-linkage", "restore", "blobs_credentials"),
    ("padan-linkage", "restore", "token_module"),
    ("padan-linkage", "restore", "token_pin_file"),
    ("padan-linkage", "storage", "token_module"),
    ("padan-linkage", "storage", "token_pin_file"),
    ("padan-linkage", "worker", "token_module"),
    ("padan-linkage", "worker", "token_pin_file"),
    ("padan-linkage", "serve", "oidc_file"),
    ("padan-policy", "approve", "file"),
    ("padan-policy", "approve-attributes", "file"),
    ("padan-policy", "approve-figures", "file"),
    ("padan-policy", "backup", "backup_passphrase_file"),
    ("padan-policy", "backup", "to"),
    ("padan-policy", "charter check", "path"),
    ("padan-policy", "charter lint", "path"),
    ("padan-policy", "charter measured", "evidence"),
    ("padan-policy", "charter measured", "path"),
    ("padan-policy", "charter new", "answers"),
    ("padan-policy", "charter show", "path"),
    ("padan-policy", "charter sign", "path"),
    ("padan-policy", "inspect", "file"),
    ("padan-policy", "invite", "folder"),
    ("padan-policy", "invite", "reply"),
    ("padan-policy", "join", "roster"),
    ("padan-policy", "log-probe", "report"),
    ("padan-policy", "papers breach", "evidence"),
    ("padan-policy", "papers catalogue", "evidence"),
    ("padan-policy", "papers ckan", "api_key_file"),
    ("padan-policy", "papers ckan", "evidence"),
    ("padan-policy", "papers destruction", "evidence"),
    ("padan-policy", "papers destruction", "kop"),
    ("padan-policy", "papers dpia", "charter"),
    ("padan-policy", "papers dpia", "evidence"),
    ("padan-policy", "papers handover", "evidence"),
    ("padan-policy", "papers handover", "kop"),
    ("padan-policy", "papers meeting-report", "calibration"),
    ("padan-policy", "papers meeting-report", "coverage"),
    ("padan-policy", "papers meeting-report", "evidence"),
    ("padan-policy", "papers meeting-report", "reverse"),
    ("padan-policy", "papers metadata", "evidence"),
    ("padan-policy", "papers processing-record", "evidence"),
    ("padan-policy", "papers usage-report", "evidence"),
    ("padan-policy", "passphrase change", "new_passphrase_file"),
    ("padan-policy", "restore", "backup_passphrase_file"),
    ("padan-policy", "restore", "file"),
    ("padan-policy", "restore", "recovery_home"),
    ("padan-policy", "roster build", "after"),
    ("padan-policy", "roster build", "cards"),
    ("padan-policy", "roster check", "after"),
    ("padan-policy", "roster check", "path"),
    ("padan-policy", "submit", "answer"),
    ("padan-policy", "verify", "bundle"),
    ("padan-policy", "verify", "checkpoint"),
    ("padan-policy", "verify", "leaves"),
    ("padan-policy", "verify-entry", "entry"),
    ("padan-policy", "verify-entry", "proof"),
    ("padan-policy", "verify-entry", "roster"),
    ("padan-policy", "withdraw-approval", "file"),
}
# A folder of the service's own work, and a roster that is signed where it lies (`change_in_place`).
MANAGED = {
    ("padan-linkage", "backup", "to"),
    ("padan-linkage", "rerun", "scratch"),
    ("padan-linkage", "serve", "scratch"),
    ("padan-linkage", "serve", "workflow_url_file"),  # of earlier builds; not read
    ("padan-linkage", "doctor", "scratch"),
    ("padan-linkage", "go", "scratch"),
    ("padan-linkage", "ui", "scratch"),
    ("padan-linkage", "worker", "scratch"),
    ("padan-policy", "roster sign", "path"),
}


def commands(script: str) -> Iterator[tuple[str, Any]]:
    """Name and function of every command, as the program calls it."""
    main = app(script)
    groups = [("", main)]
    groups += [(f"{each.name} ", each.typer_instance) for each in main.registered_groups]
    for prefix, group in groups:
        for each in group.registered_commands:
            name = each.name or each.callback.__name__.replace("_", "-")
            yield f"{prefix}{name}", each.callback


def names(annotation: Any, kinds: tuple[type, ...]) -> bool:
    return annotation in kinds or any(names(each, kinds) for each in get_args(annotation))


def parameters(kinds: tuple[type, ...]) -> set[tuple[str, str, str]]:
    return {
        (script, name, each.name)
        for script in PROGRAMS
        for name, function in commands(script)
        for each in inspect.signature(function, eval_str=True).parameters.values()
        if names(each.annotation, kinds)
    }


def test_every_file_of_a_command_is_read_or_passes_the_gate() -> None:
    """A new parameter of type Path fails here: list it above, or make it an Output."""
    assert parameters((Path,)) == READ | MANAGED


WRITING = sorted({(script, name) for script, name, _ in parameters((Output, Folder))})


def test_the_walk_finds_commands_of_every_program_and_group() -> None:
    assert {script for script, _ in WRITING} == set(PROGRAMS)
    assert {("padan-encoder", "synth"), ("padan-policy", "papers dpia")} <= set(WRITING)


@pytest.mark.parametrize(("script", "name"), WRITING)
def test_what_a_command_writes_is_refused_before_it_starts(
    script: str, name: str, tmp_path: Path
) -> None:
    """Its own function would fail on these values: the gate speaks first."""
    function = dict(commands(script))[name]
    signature = inspect.signature(function, eval_str=True)
    assert "force" in signature.parameters
    (tmp_path / "pipe").write_text("")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "pipe")
    values: dict[str, Any] = {}
    for each in signature.parameters.values():
        if names(each.annotation, (Output,)):
            values[each.name] = Output(link)
        elif names(each.annotation, (Folder,)):
            values[each.name] = Folder(tmp_path / "pipe")
        else:
            values[each.name] = None
    with pytest.raises(BadInput) as caught:
        function(**values)
    assert caught.value.code in {"out.link", "out.not-a-file"}


def test_no_command_writes_past_the_gate() -> None:
    """Rooms of commands neither import what writes files nor call it."""
    forbidden = {"write_file", "write_stream", "replacing", "write_text", "write_bytes"}
    for room in ("encoder", "linkage_service", "policy"):
        for path in (ROOT / room / "cli").glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.alias):
                    assert node.name not in forbidden, path
                if isinstance(node, ast.Attribute) and node.attr != "replacing":
                    assert node.attr not in forbidden, path


def test_a_command_does_not_write_over_its_charter_or_the_schema_that_it_names(
    tmp_path: Path,
) -> None:
    (tmp_path / "enc.json").write_text("[]")
    charter = tmp_path / "charter.json"
    charter.write_text('{"encoding": {"encodings": {"file": "enc.json"}}}')
    for out in ("charter.json", "enc.json"):
        answer = command(
            "padan-encoder",
            "--json",
            "probe",
            str(charter),
            "--out",
            str(tmp_path / out),
            "--force",
        )
        expect(answer, "out.input")
    assert (tmp_path / "enc.json").read_text() == "[]"


def test_the_passphrase_file_is_an_input(tmp_path: Path) -> None:
    secret = tmp_path / "kata.yaml"
    secret.write_text("kata sandi panjang")
    options = ("--json", "--passphrase-file", str(secret))
    answer = command("padan-policy", *options, "charter", "new", str(secret), "--force")
    expect(answer, "out.input")
    assert secret.read_text() == "kata sandi panjang"


@pytest.mark.parametrize("text", ["", "folder/"])
def test_a_name_of_no_file_is_refused(text: str) -> None:
    expect(command("padan-policy", "--json", "charter", "new", text), "out.not-a-file")


def test_synth_does_not_write_over_lists_of_the_same_names(tmp_path: Path) -> None:
    (tmp_path / "dtks.csv").write_text("id,nama\n1,SITI\n")
    synth = ("--json", "synth", str(tmp_path), "--persons", "30")
    expect(command("padan-encoder", *synth), "out.exists")
    assert (tmp_path / "dtks.csv").read_text() == "id,nama\n1,SITI\n"
    assert [each.name for each in tmp_path.iterdir()] == ["dtks.csv"]
    assert command("padan-encoder", *synth, "--force").code == 0


@pytest.mark.parametrize("script", PROGRAMS)
@pytest.mark.parametrize("before", [(), ("--json",), ("--lang", "en")])
def test_the_version_is_that_of_the_package_and_of_the_changelog(
    script: str, before: tuple[str, ...]
) -> None:
    path = Path(sys.executable).with_name(script)
    done = subprocess.run(
        [path, *before, "--version"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = f"{script} {project['version']} (Python {platform.python_version()}, "
    assert done.stdout.startswith(wanted)
    assert (done.returncode, done.stderr) == (0, "")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(
        rf"^## \[{re.escape(project['version'])}\] - \d{{4}}-\d\d-\d\d$", changes, re.M
    )
