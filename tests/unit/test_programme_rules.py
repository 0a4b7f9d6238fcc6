"""Rule files: what they may say, and errors that name line and part."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from encoder.released.programmes.examples import example, example_bytes, example_names
from encoder.released.programmes.explain import explain
from encoder.released.programmes.reading import load_programme, parse_programme
from encoder.released.programmes.readings import Doubt, read_age, read_number, read_text, read_yes
from encoder.released.programmes.rules import DataColumn
from policy.base.errors import BadInput
from tests.support.programme_rules import title, tree

_DAY = date(2026, 7, 1)


def written(**changes: Any) -> bytes:
    return yaml.safe_dump(tree(**changes), sort_keys=False).encode()


def refused(data: bytes) -> BadInput:
    with pytest.raises(BadInput) as caught:
        parse_programme(data, "aturan.yaml")
    assert caught.value.code == "programme.rules"
    return caught.value


def test_the_examples_are_those_of_the_programmes_and_say_that_they_are_examples() -> None:
    programmes = {name: example(name) for name in example_names()}
    wanted = {"kjp", "kjs", "sembako", "gizi", "obat", "miskin-ekstrem", "stunting"}
    assert set(programmes) == wanted
    for name, rules in programmes.items():
        assert rules.id == name
        assert rules.example
        assert "example" in rules.title.en
        assert b"CONTOH" in example_bytes(name)
        said = explain(rules)
        assert any("contoh" in line.id for line in said)
        for leaf in rules.leaves():
            assert any(leaf.title.id in line.id for line in said), leaf
            assert any(leaf.title.en in line.en for line in said), leaf


def test_a_rule_file_is_the_same_rules_however_it_is_laid_out(tmp_path: Path) -> None:
    file = tmp_path / "r.yaml"
    file.write_bytes(written())
    other = yaml.safe_dump(tree(), sort_keys=True, default_flow_style=True).encode()
    assert load_programme(file).digest() == parse_programme(other, "x").digest()
    assert load_programme(file).digest() != parse_programme(written(quota=3), "x").digest()


_DESIL = {"title": title("desil"), "column": "desil"}


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"conditions": [{**_DESIL}]}, "conditions.1"),
        ({"conditions": [{**_DESIL, "at_most": 4, "equals": "4"}]}, "conditions.1"),
        ({"conditions": [{**_DESIL, "between": [4, 1]}]}, "conditions.1"),
        ({"conditions": [{**_DESIL, "at_most": 4, "sql": "x"}]}, "conditions.1.sql"),
        ({"conditions": [{**_DESIL, "at_most": "4; DROP"}]}, "conditions.1.at_most"),
        ({"conditions": [{**_DESIL, "is_yes": "ya"}]}, "conditions.1.is_yes"),
        ({"conditions": [{**_DESIL, "equals": False}]}, "conditions.1.equals"),
        ({"conditions": [{**_DESIL, "in": [True]}]}, "conditions.1.in.1"),
        ({"conditions": [{**_DESIL, "age": {"at_least": 9, "at_most": 3}}]}, "conditions.1.age"),
        ({"conditions": [{"column": "desil", "at_most": 4}]}, "conditions.1.title"),
        ({"conditions": [{"title": title("x"), "python": "1"}]}, "conditions.1"),
        ({"conditions": [{"any": [{"all": []}]}]}, "conditions.1.any.1.all"),
        ({"conditions": []}, "conditions"),
        ({"conditions": [{**_DESIL, "at_most": 4, "column": "umur"}]}, "conditions.1.column"),
        ({"quota": -1}, "quota"),
        ({"quota": 1.5}, "quota"),
        ({"unit": "village"}, "unit"),
        ({"format": "padan-programme-9"}, "format"),
        ({"present": "kjp"}, "present"),
        ({"order": [{"title": title("x"), "column": "umur", "first": "lowest"}]}, "order.1.column"),
        ({"columns": {**tree()["columns"], "lain": {"title": title("x")}}}, "columns.lain"),
    ],
)
def test_what_a_rule_file_may_not_say_is_named_with_its_line(
    changes: dict[str, Any], part: str
) -> None:
    data = written(**changes)
    error = refused(data)
    head, _, said = error.problem.en.partition(": ")
    assert said.startswith(f"{part}:"), error.problem.en
    line = int(head.removeprefix("aturan.yaml, line "))
    # The line that is named holds the part, or begins its item of a list.
    key = [each for each in part.split(".") if not each.isdecimal()][-1]
    text = data.decode().splitlines()[line - 1]
    assert key in text or text.lstrip().startswith("- "), (text, part)


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system ['true']",
        "{{ 7 * 7 }}",
        "a: &a [1]\nb: *a\n",
        "id: x\nid: y\n",
        "[" * 200,
        "- " * 60 + "a",
        "\x00",
        "",
        "? [a]\n: b\n",
    ],
)
def test_no_file_runs_anything_or_grows(text: str) -> None:
    refused(text.encode())


def test_an_error_repeats_nothing_of_the_file_but_its_keys() -> None:
    secret = "3171910107900001"
    error = refused(written(conditions=[{**_DESIL, "at_most": secret}]))
    assert secret not in error.problem.id + error.problem.en + error.hint.en


_COLUMN = DataColumn.model_validate(
    {"title": title("x"), "names": ["x"], "unknown": [98]}, strict=False
)
_CODED = DataColumn.model_validate(
    {"title": title("x"), "names": ["x"], "means_yes": ["1"], "means_no": ["2"]}, strict=False
)
_LISTED = DataColumn.model_validate(
    {"title": title("x"), "names": ["x"], "values": [1, 2]}, strict=False
)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("4", 4),
        (" 4.0 ", 4),
        ("4,5", 4.5),
        ("-2", -2),
        ("1.500.000", 1_500_000),
        ("1.500", Doubt.UNREADABLE),
        ("Rp 5", Doubt.UNREADABLE),
        ("nan", Doubt.EMPTY),
        ("#N/A", Doubt.EMPTY),
        ("98", Doubt.EMPTY),
        ("-", Doubt.EMPTY),
        ("", Doubt.EMPTY),
    ],
)
def test_a_number_is_read_or_unknown(cell: str, expected: object) -> None:
    found = read_number(_COLUMN, cell)
    assert found == expected if isinstance(found, Doubt) else float(found.low) == expected


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        (_COLUMN, "YA", True),
        (_COLUMN, "1.0", True),
        (_COLUMN, "tidak", False),
        (_COLUMN, "0", False),
        (_COLUMN, "2", Doubt.UNREADABLE),
        (_COLUMN, "tidak tahu", Doubt.EMPTY),
        (_CODED, "2", False),
        (_CODED, "1", True),
        (_CODED, "ya", Doubt.UNREADABLE),
        (_CODED, "0", Doubt.UNREADABLE),
    ],
)
def test_yes_and_no_are_read_or_unknown(column: DataColumn, cell: str, expected: object) -> None:
    assert read_yes(column, cell) is expected


def test_a_value_that_the_column_does_not_have_is_unknown() -> None:
    assert read_text(_LISTED, "2.0") == "2"
    assert read_text(_LISTED, "3") is Doubt.UNREADABLE


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2020-06-30", (6, 6)),
        ("2020-07-01", (5, 6)),
        ("2020-07-02", (5, 5)),
        ("29 Feb 2004", (22, 22)),
        ("01-07-2000", (25, 26)),
        ("2000", (25, 26)),
        ("00-05-2000", (26, 26)),
        ("UMUR 45 PADA 2022", (46, 51)),
        ("2026-12-01", Doubt.UNREADABLE),
        ("besok", Doubt.UNREADABLE),
        ("", Doubt.EMPTY),
        ("98", Doubt.EMPTY),
    ],
)
def test_an_age_is_exact_or_a_span_or_unknown(cell: str, expected: object) -> None:
    found = read_age(_COLUMN, cell, _DAY)
    assert found == expected if isinstance(found, Doubt) else (found.low, found.high) == expected
