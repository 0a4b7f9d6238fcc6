"""What the project promises about itself: its extras, its imports, and its own tests."""

from __future__ import annotations

import importlib.metadata
import os
import re
import socket
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import encoder.__main__
import linkage_service.__main__
from policy.terminal import local_page
from tests.support.network import ForbiddenAddressError

ROOT = Path(__file__).parents[2]

SERVER_PARTS = {
    "alembic",
    "fastapi",
    "moto",
    "psycopg",
    "psycopg-binary",
    "ray",
    "sqlalchemy",
    "starlette",
    "uvicorn",
}


def run_python(code: str, *, without: set[str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own in which some modules cannot be imported."""
    blocked = f"import sys\nsys.modules.update(dict.fromkeys({sorted(without or [])!r}))\n"
    return subprocess.run(
        [sys.executable, "-c", blocked + textwrap.dedent(code)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


# Extras


def requirements_of(distribution: str, extra: str = "") -> Iterator[Requirement]:
    """What pip would install beside a distribution here, when asked for an extra of it."""
    for line in importlib.metadata.requires(distribution) or []:
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            yield requirement


def everything_installed_by(distribution: str, extra: str = "") -> set[str]:
    found: set[str] = set()
    waiting = [(distribution, extra)]
    seen = set(waiting)
    while waiting:
        name, wanted = waiting.pop()
        for requirement in requirements_of(name, wanted):
            found.add(canonicalize_name(requirement.name))
            for asked in ("", *requirement.extras):
                step = (requirement.name, asked)
                if step not in seen:
                    seen.add(step)
                    waiting.append(step)
    return found


def brought_by(extra: str) -> set[str]:
    """Import names of what the extra adds to the base install, by its own requirements."""
    base = {requirement.name for requirement in requirements_of("padan")}
    names = {requirement.name for requirement in requirements_of("padan", extra)} - base
    import_names = {"python-multipart": "multipart"}
    return {import_names.get(name, name.replace("-", "_").lower()) for name in names}


@pytest.mark.parametrize(
    ("module", "script", "extra", "absent"),
    [
        ("encoder", "padan-encoder", "encoder", "numpy"),
        ("encoder", "padan-encoder", "encoder", "openpyxl"),
        ("linkage_service", "padan-linkage", "service", "fastapi"),
        ("linkage_service", "padan-linkage", "service", "numba"),
    ],
)
def test_script_without_its_extra_says_what_to_install(
    module: str, script: str, extra: str, absent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PADAN_LANG", "both")
    done = run_python(f"from {module}.__main__ import main\nmain()", without={absent})

    assert done.returncode == 2
    assert done.stdout == ""
    assert f'    pip install "padan[{extra}]"\n' in done.stderr
    assert f"{script} memerlukan bagian tambahan" in done.stderr
    assert f"{script} needs the extra" in done.stderr
    assert f"(missing: {absent})" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_extra_is_told_in_the_chosen_language() -> None:
    script = "import sys\nsys.argv[1:] = ['--lang', 'en', 'synth']\n"
    done = run_python(f"{script}from encoder.__main__ import main\nmain()", without={"numpy"})

    assert done.returncode == 2
    assert "padan-encoder needs the extra" in done.stderr
    assert "memerlukan" not in done.stderr


def test_no_list_of_certificates_is_brought_along() -> None:
    """TLS is verified with the machine's own."""
    assert "httpx2" in {requirement.name for requirement in requirements_of("padan")}
    assert "certifi" not in {requirement.name for requirement in requirements_of("padan")}


def test_the_decision_on_dependencies_names_each_of_them() -> None:
    page = ROOT / "docs/explanation/decisions/0009-dependencies.md"
    tables = [line for line in page.read_text(encoding="utf-8").splitlines() if "|" in line]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    # An extra that needs another extra names this project itself.
    wanted = {Requirement(line).name for each in lists for line in each} - {"padan"}
    named = {name for line in tables for name in re.findall(r"`([a-z0-9-]+)`", line)}
    assert wanted <= named
    assert not {"httpx", "xlwt"} & (wanted | named)
    brought = project["dependencies"] + project["optional-dependencies"]["encoder"]
    assert not {"clkhash", "setuptools"} & {Requirement(line).name for line in brought}


@pytest.mark.parametrize("module", ["encoder", "linkage_service", "policy"])
def test_a_failing_import_of_our_own_is_no_missing_extra(module: str) -> None:
    done = run_python(f"from {module}.__main__ import main\nmain()", without={f"{module}.cli"})

    assert done.returncode == 1
    assert f"import of {module}.cli halted" in done.stderr
    assert "pip install" not in done.stderr


@pytest.mark.parametrize(
    ("extra", "needs"),
    [
        ("encoder", encoder.__main__.NEEDS),
        ("service", linkage_service.__main__.NEEDS),
        ("ui", local_page.NEEDS),
    ],
)
def test_scripts_look_for_all_that_their_extra_brings(extra: str, needs: tuple[str, ...]) -> None:
    assert set(needs) == brought_by(extra)


@pytest.mark.parametrize("extra", ["", "encoder"])
def test_an_agency_installs_no_server(extra: str) -> None:
    installed = everything_installed_by("padan", extra)

    assert "cryptography" in installed
    assert not installed & SERVER_PARTS


# Imports


def import_all(package: str, without: set[str], *but: str) -> subprocess.CompletedProcess[str]:
    """Import every module of a package, `but` those of folders that have an extra of their own."""
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted((ROOT / package).rglob("*.py"))
        if not {ROOT / folder for folder in but} & set(path.parents)
    ]
    code = f"import importlib\nfor name in {modules!r}:\n    importlib.import_module(name)"
    return run_python(code, without=without)


def test_policy_needs_the_base_install_alone() -> None:
    others = brought_by("encoder") | brought_by("service") | brought_by("ui") | {"psycopg"}

    but = ("policy/terminal/local_page", "policy/ui", "policy/pairs", "policy/formats/arrays")
    done = import_all("policy", others, *but)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("folder", ["policy/pairs", "policy/formats/arrays"])
def test_nothing_else_in_policy_needs_what_works_on_arrays(folder: str) -> None:
    inside = sorted((ROOT / folder).rglob("*.py"))
    others = set((ROOT / "policy").rglob("*.py")) - set(inside)
    package = folder.replace("/", ".")

    assert len(inside) > 1
    assert not [path for path in others if package in path.read_text(encoding="utf-8")]


def test_encoder_needs_nothing_of_a_server() -> None:
    server = (brought_by("service") - brought_by("encoder")) | {"psycopg", "starlette"}

    done = import_all("encoder", server | {"linkage_service"}, "encoder/ui")

    assert done.returncode == 0, done.stderr


# The tests' own fences


def run_pytest(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "tests.support.skips", "-p", "no:xdist"]
    command.append("--continue-on-collection-errors")
    return subprocess.run(
        [*command, "-c", os.devnull, "--rootdir", str(folder), str(folder)],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if k != "PADAN_REQUIRE_ALL"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


SKIPS = {
    "a call": "import pytest\ndef test_it(): pytest.skip('no such part')",
    "a mark": "import pytest\n@pytest.mark.skip(reason='no such part')\ndef test_it(): pass",
    "a fixture": """
        import pytest
        @pytest.fixture
        def part(): pytest.skip('no such part')
        def test_it(part): pass
    """,
    "a module": "import pytest\npytest.skip('no such part', allow_module_level=True)",
}


def test_a_skip_fails_where_everything_is_required(tmp_path: Path) -> None:
    for kind, source in SKIPS.items():
        (tmp_path / f"test_{kind.replace(' ', '_')}.py").write_text(textwrap.dedent(source))

    at_home = run_pytest(tmp_path)
    in_ci = run_pytest(tmp_path, PADAN_REQUIRE_ALL="1")

    assert f"{len(SKIPS)} skipped" in at_home.stdout
    assert at_home.returncode == 0
    assert in_ci.returncode in {1, 2}
    for kind in SKIPS:
        assert f"test_{kind.replace(' ', '_')}.py" in in_ci.stdout
    assert in_ci.stdout.count("skipped though PADAN_REQUIRE_ALL=1") >= len(SKIPS)
    assert "no such part" in in_ci.stdout


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    (tmp_path / "test_xfail.py").write_text(
        "import pytest\n@pytest.mark.xfail(reason='known')\ndef test_it(): assert False"
    )

    assert run_pytest(tmp_path, PADAN_REQUIRE_ALL="1").returncode == 0


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "padan.invalid"])
def test_tests_do_not_leave_this_machine(address: str) -> None:
    with pytest.raises(ForbiddenAddressError, match=address):
        socket.create_connection((address, 443), timeout=1)


def test_tests_reach_loopback() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=5) as client,
    ):
        assert client.getpeername() == server.getsockname()


@pytest.mark.parametrize("package", ["encoder", "linkage_service", "policy"])
def test_a_command_line_starts_without_what_one_command_needs(package: str) -> None:
    """Loading numba takes longer than most commands; `--help` and the page start without it."""
    done = run_python(
        f"""
        import sys
        import {package}.cli
        heavy = {{"numpy", "numba", "pandas", "openpyxl", "xlsxwriter", "sqlalchemy", "fastapi"}}
        print(sorted(heavy & sys.modules.keys()))
        """
    )
    assert done.stdout == "[]\n", done.stderr
