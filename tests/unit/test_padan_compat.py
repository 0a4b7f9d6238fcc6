"""anonlink's and clkhash's interfaces over our parts, against the two themselves."""

from __future__ import annotations

import json
import subprocess
import sys
from array import array
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import padan
from padan.compat import anonlink as ours
from padan.compat import clkhash as ours_of_clkhash
from tests.support.tables import BACKENDS, cells, made
from tests.support.thorough import how_many

bitarray = pytest.importorskip("bitarray", reason="the oracle anonlink is not installed").bitarray
pytest.importorskip("anonlink", reason="the oracle anonlink is not installed")
from anonlink import candidate_generation, similarities, solving  # noqa: E402

BOTH = (
    (ours.dice_coefficient_accelerated, similarities.dice_coefficient_accelerated),
    (ours.dice_coefficient_python, similarities.dice_coefficient_python),
)
ONE, TWO = bitarray("10110011"), bitarray("10110010")


def outcome(function: Any, *arguments: Any) -> Any:
    """What a call gives: its result, or the type of its exception."""
    try:
        return function(*arguments)
    except Exception as error:
        return type(error)


@pytest.mark.parametrize(("mine", "theirs"), BOTH)
@pytest.mark.parametrize(
    "datasets",
    [
        [],
        [[ONE]],
        [[ONE], [TWO], [ONE]],
        [[], [], []],
        [[ONE], [bitarray("1")]],
        [[ONE], [TWO + TWO]],
        [[ONE, TWO + TWO], [ONE]],
        [[bitarray("1011")], [bitarray("1011")]],
        [[bitarray("101100111")], [bitarray("101100111")]],
        [[], [bitarray("1011")]],
        [[ONE], []],
        [[ONE], [1.5]],
        [[ONE], ["1011"]],
        [[None], [ONE]],
        [[b"\xb3"], [ONE]],
        [[b"\xb3", b"\xb2"], [b"\xb2"]],
        [[bytearray(b"\xb3")], [[0xB2]]],
        [[b"\xb3"], [b"\xb3\x01"]],
        [[ONE, TWO], [TWO, ONE, TWO]],
    ],
)
@pytest.mark.parametrize("k", [None, 0, 1, 5])
def test_results_and_exceptions_are_those_of_anonlink(
    mine: Any, theirs: Any, datasets: Any, k: int | None
) -> None:
    assert outcome(mine, datasets, 0.5, k) == outcome(theirs, datasets, 0.5, k)


def records(bits: int) -> st.SearchStrategy[Any]:
    filters = st.lists(st.booleans(), min_size=bits, max_size=bits).map(bitarray)
    return st.lists(filters | filters.map(lambda each: each.tobytes()), max_size=6)


@settings(max_examples=how_many(150, default=50))
@given(
    st.sampled_from([8, 16, 64]).flatmap(lambda n: st.lists(records(n), min_size=2, max_size=3)),
    st.sampled_from([0.0, 0.4, 0.5, 2 / 3, 0.8, 1.0]),
    st.none() | st.integers(1, 3),
    st.none() | st.integers(1, 3),
)
def test_candidates_are_those_of_anonlink_with_blocking_and_limits(
    datasets: list[list[Any]], threshold: float, k: int | None, blocks: int | None
) -> None:
    def blocking(dataset: int, row: int, record: Any) -> list[int]:
        return [row % (blocks or 1), (row + dataset) % 2 + 10]

    of = None if blocks is None else blocking
    arguments = (datasets, similarities.dice_coefficient_python, threshold, k, of)
    expected = candidate_generation.find_candidate_pairs(*arguments)
    assert ours.find_candidate_pairs(*arguments) == expected
    with_ours = (datasets, ours.dice_coefficient, threshold, k, of)
    assert ours.find_candidate_pairs(*with_ours) == expected


def groups(found: Any) -> set[frozenset[tuple[int, int]]]:
    return {frozenset(map(tuple, group)) for group in found}


@settings(max_examples=60)
@given(st.lists(records(16), min_size=2, max_size=3), st.sampled_from([0.4, 0.7]))
def test_groups_of_both_solvers_are_equal(datasets: list[list[Any]], threshold: float) -> None:
    pairs = ours.find_candidate_pairs(datasets, ours.dice_coefficient, threshold)
    assert ours.solver() == "anonlink"
    by_anonlink = groups(ours.greedy_solve(pairs))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ours, "is_there", lambda module: False)
        assert ours.solver() == "padan"
        assert groups(ours.greedy_solve(pairs)) == by_anonlink


ONE_PAIR = (
    array("d", [0.5]),
    (array("I", [3]), array("I", [4])),
    (array("I", [2]), array("I", [6])),
)


@pytest.mark.parametrize(
    "pairs",
    [
        ONE_PAIR,
        (ONE_PAIR[0], ONE_PAIR[1], (*ONE_PAIR[2], array("I", [7]))),
        (ONE_PAIR[0], ONE_PAIR[1][:1], ONE_PAIR[2][:1]),
        (ONE_PAIR[0], (*ONE_PAIR[1], array("I", [1])), (*ONE_PAIR[2], array("I", [7]))),
        (array("d", [0.5, 0.4]), *ONE_PAIR[1:]),
        (ONE_PAIR[0], (array("I", [3, 3]), ONE_PAIR[1][1]), ONE_PAIR[2]),
        (ONE_PAIR[0], ONE_PAIR[1], (array("I", [2**32 - 1]), array("I", [2**32 - 1]))),
        (array("d"), (array("I"), array("I")), (array("I"), array("I"))),
    ],
)
def test_odd_candidates_are_solved_or_refused_as_by_anonlink(pairs: Any) -> None:
    expected = outcome(lambda: groups(solving.greedy_solve(pairs)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ours, "is_there", lambda module: False)
        assert outcome(lambda: groups(ours.greedy_solve(pairs))) == expected


def test_pairs_from_groups_are_those_of_anonlink() -> None:
    good = [[(0, 3), (1, 2)], [(1, 5), (0, 1)]]
    assert list(ours.pairs_from_groups(good)) == list(solving.pairs_from_groups(good))
    for bad in ([[(0, 1)]], [[(0, 1), (0, 2)]], [[(0, 1), (1, 1), (2, 1)]], [[(1, 1), (2, 1)]]):
        with pytest.raises(ValueError, match="bipartite"):
            list(ours.pairs_from_groups(bad))
        with pytest.raises(ValueError, match="bipartite"):
            list(solving.pairs_from_groups(bad))


@pytest.mark.parametrize("backend", BACKENDS)
def test_anonlinks_solver_runs_on_our_candidates(backend: str) -> None:
    sides = [
        made({"clk": [b"\xb3\x0f", b"\xf0\x01"]}, backend),
        made({"clk": [b"\xf0\x03", b"\xb3\x0f"]}, backend),
    ]
    pairs = padan.compare(*sides, threshold=0.6)
    given_to_anonlink = ours.candidates_of(pairs)
    assert isinstance(given_to_anonlink[0], array)
    by_anonlink = groups(solving.greedy_solve(given_to_anonlink))
    assert by_anonlink == {frozenset({(0, 0), (1, 1)}), frozenset({(0, 1), (1, 0)})}
    found = cells(padan.link(pairs))
    ends = zip(found["dataset"], found["row"], found["group"], strict=True)
    grouped: dict[int, set[tuple[int, int]]] = {}
    for dataset, row, group in ends:
        grouped.setdefault(group, set()).add((dataset, row))
    assert set(map(frozenset, grouped.values())) == by_anonlink


def test_without_anonlink_our_own_parts_do_it_all() -> None:
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['anonlink', 'bitarray']))\n"
        "from padan.compat.anonlink import *\n"
        "from padan.compat import anonlink as a\n"
        "pairs = a.find_candidate_pairs([[b'ab'], [b'ab']], a.dice_coefficient, 0.9)\n"
        "print(a.solver(), list(a.greedy_solve(pairs)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "padan [[(0, 0), (1, 0)]]\n", done.stderr


@pytest.mark.parametrize("backend", BACKENDS)
def test_clk_json_goes_both_ways(tmp_path: Path, backend: Any) -> None:
    from clkhash.serialization import deserialize_bitarray, serialize_bitarray

    filters = [bitarray("1011001110110010"), bitarray("0000000011111111")]
    theirs = tmp_path / "theirs.json"
    theirs.write_text(json.dumps({"clks": [serialize_bitarray(each) for each in filters]}))
    table = ours_of_clkhash.read_clks(theirs, backend=backend)
    assert cells(table)["clk"] == [each.tobytes() for each in filters]
    assert ours_of_clkhash.write_clks(table, tmp_path / "ours.json") == 2
    written = json.loads((tmp_path / "ours.json").read_text())["clks"]
    assert [deserialize_bitarray(each) for each in written] == filters
    assert padan.compare(table, table, threshold=1) is not None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"clks": 1}', '{"clks": ["!"]}', "[" * 99_999])
def test_a_file_that_is_no_clk_json_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(padan.BadInput) as error:
        ours_of_clkhash.read_clks(tmp_path / "bad.json")
    assert error.value.code == "clk.json"


def test_clks_of_rows_are_those_of_clkhash() -> None:
    from clkhash.clk import generate_clks
    from clkhash.schema import from_json_dict

    schema = padan.load_schema("febrl4")
    width = len(schema["features"])  # type: ignore[arg-type]
    rows = [tuple(f" x{row}{cell}" for cell in range(width)) for row in range(3)]
    made_here = ours_of_clkhash.generate_clks(rows, schema, b"secret", record_ids=["a", "b", "c"])
    expected = generate_clks(rows, from_json_dict(dict(schema)), b"secret", max_workers=1)
    assert cells(made_here)["clk"] == [each.tobytes() for each in expected]
    assert cells(made_here)["record_id"] == ["a", "b", "c"]
    with pytest.raises(padan.BadInput) as error:
        ours_of_clkhash.generate_clks([rows[0], rows[1][:-1]], schema, b"secret")
    assert error.value.code == "clk.rows"


OLD_HASHING = {"ngram": 2, "positional": True, "weight": 1.5}
KDF = {"type": "HKDF", "hash": "SHA256", "salt": "c2FsdA==", "info": "", "keySize": 64}
VERSION_1 = {
    "version": 1,
    "clkConfig": {
        "l": 512,
        "k": 20,
        "kdf": KDF,
        "hash": {"type": "doubleHash"},
    },
    "features": [
        {"identifier": "id", "ignored": True},
        {
            "identifier": "name",
            "format": {"type": "string", "encoding": "utf-8"},
            "hashing": OLD_HASHING,
        },
    ],
}
VERSION_2 = {
    "version": 2,
    "clkConfig": {"l": 512, "kdf": KDF},
    "features": [
        {"identifier": "id", "ignored": True},
        {
            "identifier": "name",
            "format": {"type": "string", "encoding": "utf-8"},
            "hashing": {"ngram": 2, "strategy": {"numBits": 100}, "hash": {"type": "blakeHash"}},
        },
    ],
}


@pytest.mark.parametrize("schema", [VERSION_1, VERSION_2], ids=["version 1", "version 2"])
def test_schemas_of_older_versions_give_the_clks_of_clkhash(schema: dict[str, Any]) -> None:
    import copy

    from clkhash.clk import generate_clks
    from clkhash.schema import from_json_dict

    rows = [("1", "SITI AMINAH"), ("2", "BUDI SANTOSO")]
    found = ours_of_clkhash.generate_clks(rows, schema, b"secret")
    expected = generate_clks(rows, from_json_dict(copy.deepcopy(schema)), b"secret", max_workers=1)
    assert cells(found)["clk"] == [each.tobytes() for each in expected]
    table = made({"name": [name for _, name in rows]}, "pandas")
    assert cells(padan.encode_plain(table, schema, b"secret"))["clk"] == cells(found)["clk"]
