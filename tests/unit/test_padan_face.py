"""`import padan`: its names, what it loads, what it hides, and what it says of a missing part."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

import padan
from padan.compat import anonlink, clkhash

ROOT = Path(__file__).parents[2]
ERRORS = ("BadInput MissingExtra NotYet PadanError Refused Unreachable Unverified WrongKey").split()
CLASSES = "Chart Charter Release Report Score Secret Share Source".split()
FUNCTIONS = (
    "check compare dedupe encode_hardened encode_plain expected_false join_release link"
    " load_charter load_schema normalise open_release pairs_of read_list read_release read_source"
    " score score_distribution threshold_chart threshold_table true_pairs"
).split()


def run_python(code: str, *without: str) -> subprocess.CompletedProcess[str]:
    blocked = f"import sys\nsys.modules.update(dict.fromkeys({list(without)!r}))\n"
    return subprocess.run(
        [sys.executable, "-c", blocked + code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_public_names() -> None:
    """A name that is added, renamed or removed is a change of the API, for the CHANGELOG."""
    assert sorted(padan.__all__) == sorted([*ERRORS, *CLASSES, *FUNCTIONS])
    assert len(set(padan.__all__)) == len(padan.__all__)
    for name in padan.__all__:
        assert getattr(padan, name).__doc__, name
    assert dir(padan) == padan.__all__
    with pytest.raises(AttributeError):
        padan.no_such_name  # noqa: B018


def test_the_names_of_the_compatible_interfaces() -> None:
    ours = {name for name in vars(anonlink) if not name.startswith("_")}
    assert {
        "candidates_of",
        "dice_coefficient",
        "dice_coefficient_accelerated",
        "dice_coefficient_python",
        "find_candidate_pairs",
        "greedy_solve",
        "pairs_from_groups",
        "solver",
    } <= ours
    assert {"generate_clks", "read_clks", "write_clks"} <= set(vars(clkhash))


def test_importing_it_loads_no_library() -> None:
    heavy = "{'numpy', 'numba', 'narwhals', 'pandas', 'polars', 'pyarrow'}"
    done = run_python(f"import padan, sys\nassert not {heavy} & set(sys.modules)")
    assert done.returncode == 0, done.stderr


def test_it_needs_no_part_of_a_server() -> None:
    server = "alembic dbos fastapi obstore psycopg ray sqlalchemy starlette structlog uvicorn"
    code = "import padan\nfor name in padan.__all__: getattr(padan, name)"
    done = run_python(code, *server.split())
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("missing", ["narwhals", "numba"])
def test_a_missing_part_is_named_with_the_command_that_installs_it(missing: str) -> None:
    code = (
        "import padan\n"
        "try:\n    padan.compare\n"
        "except padan.MissingExtra as error:\n"
        "    assert isinstance(error, (padan.BadInput, ImportError)[0])\n"
        "    assert isinstance(error, ImportError)\n"
        "    print(error.hint.en, error.missing)"
    )
    done = run_python(code, missing)
    assert done.stdout == f"Install it with: pip install 'padan[pandas]' ('{missing}',)\n", (
        done.stderr
    )


@pytest.mark.parametrize(
    ("backend", "extra"), [("pandas", "pandas"), ("polars", "polars"), ("pyarrow", "parquet")]
)
def test_a_missing_table_library_is_named_too(backend: str, extra: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Nama,NIK\nSITI,\n")
    mapping = {"record_id": None, "fields": {"nama": "Nama", "nik": "NIK"}}
    code = (
        "import padan\n"
        f"try:\n    padan.read_source({str(tmp_path / 'a.csv')!r}, {mapping!r},"
        f" backend={backend!r})\n"
        "except padan.MissingExtra as error: print(error.extra)"
    )
    assert run_python(code, backend).stdout == f"{extra}\n"


def test_the_error_travels_between_processes() -> None:
    error = padan.MissingExtra("pandas", ["narwhals"])
    back = pickle.loads(pickle.dumps(error))
    assert (back.extra, back.missing, back.code) == ("pandas", ("narwhals",), "extra.missing")


def test_a_secret_is_not_shown() -> None:
    secret = padan.Secret(b"kata-rahasia-kami")
    assert "rahasia" not in f"{secret} {secret!r} {[secret]} {vars(type(secret)).get('__dict__')}"
    assert secret.reveal() == b"kata-rahasia-kami"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    with pytest.raises(padan.BadInput) as empty:
        padan.Secret(b"")
    assert empty.value.code == "secret.empty"
    assert len(padan.Secret.draw().reveal()) == 32


def test_a_secret_file_is_read_as_hash_reads_it(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("  rahasia \n")
    assert padan.Secret.read(tmp_path / "secret").reveal() == b"rahasia"
