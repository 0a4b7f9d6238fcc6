"""Charters: the template is valid, mistakes are named by field, floors hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from policy.base.errors import BadInput
from policy.charter import Charter, load_charter
from tests.support.republic import TEMPLATE, charter_from, charter_tree

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorials" / "jakarta"


def test_the_shipped_template_is_a_valid_charter(tmp_path: Path) -> None:
    shipped = TUTORIAL.parents[2] / "encoder" / "schemas" / "padan-id-5.yaml"
    (tmp_path / "padan-id-5.yaml").write_bytes(shipped.read_bytes())
    path = tmp_path / "charter.yaml"
    path.write_bytes(TEMPLATE.read_bytes())
    charter = load_charter(path)
    assert charter.encoding.encodings[0].name == "nik"
    assert charter.digest() == load_charter(path).digest()


def test_template_comments_are_in_both_languages() -> None:
    text = TEMPLATE.read_text(encoding="utf-8")
    assert "Fill in every part" in text
    assert "Isi setiap bagian" in text


def test_a_digest_is_computed_once_and_is_that_of_the_charter_at_hand() -> None:
    charter = charter_from(charter_tree())
    fresh, asked = charter_from(charter_tree()), (charter.digest(), charter.terms_digest())
    assert charter == fresh
    assert charter.canonical() == fresh.canonical()
    assert asked == (charter.digest(), charter.terms_digest()), "asked twice"
    for copied in (charter.model_copy(), charter.model_copy(deep=True)):
        assert (copied.digest(), copied.terms_digest()) == asked
    other = charter.model_copy(update={"epoch": charter.epoch + 1})
    again = Charter.model_validate_json(other.canonical())
    for digest in ("digest", "terms_digest", "assessed_digest"):
        assert getattr(other, digest)() == getattr(again, digest)()
        assert getattr(other, digest)() != getattr(charter, digest)()
    assert other.encoding_digest() == charter.encoding_digest()


def test_canonical_json_round_trips() -> None:
    charter = charter_from(charter_tree())
    again = Charter.model_validate_json(charter.canonical())
    assert again.digest() == charter.digest()
    assert json.loads(charter.canonical())["project"] == charter.project


def set_in(tree: dict[str, Any], path: str, value: Any) -> None:
    *steps, last = path.split(".")
    place: Any = tree
    for step in steps:
        place = place[int(step)] if isinstance(place, list) else place[step]
    place[int(last) if isinstance(place, list) else last] = value


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("release.minimum_cell", 4, "release.minimum_cell"),
        ("release.approvals", 1, "release.approvals"),
        ("dpia.sha256", "kosong", "dpia.sha256"),
        ("project", "Nama Proyek", "project"),
        ("lawful_basis.citations", [], "lawful_basis.citations"),
        ("encoding.profile", "quantum", "encoding.profile"),
        ("fields.0.kind", "desil", "fields.0.kind"),
        ("tambahan", 1, "tambahan"),
        ("matching.cardinality", "many", "matching.cardinality"),
        ("matching.top_k", 0, "matching.top_k"),
    ],
)
def test_mistakes_are_named_by_field_and_never_by_value(path: str, value: Any, named: str) -> None:
    tree = charter_tree()
    set_in(tree, path, value)
    with pytest.raises(BadInput) as caught:
        charter_from(tree)
    assert f"'{named}'" in caught.value.problem.en
    assert "quantum" not in caught.value.problem.en.replace("quantum'", "")


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("datasets.0.owner", "lain", "every party owns"),
        ("matching.thresholds_ppm", {"lain": 1}, "thresholds are for"),
        ("matching.alone_ppm", {"utama": 900_000}, "needs salts"),
        ("domains.0.learn", ["carik"], "domain dtks-regsosek: only its datasets"),
        ("matching.cardinality", "one-to-many", "under one-to-many"),
        ("matching.order", "household", "the order household needs"),  # without salts
        ("witnesses.quorum", 9, "the quorum does not exceed"),
        ("witnesses.members", ["bps"], "all parties are witnesses"),
    ],
)
def test_parts_that_contradict_each_other_are_said_in_both_languages(
    path: str, value: Any, said: str
) -> None:
    tree = charter_tree()
    set_in(tree, path, value)
    with pytest.raises(BadInput) as caught:
        charter_from(tree)
    problem = caught.value.problem
    assert said in problem.en
    assert said not in problem.id


def test_every_mistake_is_told_at_once_and_in_both_languages() -> None:
    tree = charter_tree()
    tree["titel"] = tree.pop("title")
    set_in(tree, "retention.encodings_until", "31-12-2027")
    set_in(tree, "encoding.nik_leg", True)
    with pytest.raises(BadInput) as caught:
        charter_from(tree)
    problem = caught.value.problem
    for where in ("title", "titel", "retention.encodings_until", "encoding.nik_leg"):
        assert f"'{where}'" in problem.id
    assert "'titel' tidak dikenal; periksa ejaannya" in problem.id
    assert "'on' atau 'off'" in problem.id
    assert "harus tanggal" in problem.id
    for english in ("should", "required", " or "):
        assert english not in problem.id


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("purpose.code", "penelitian"),
        ("encoding.profile", "salted"),
        ("encoding.rules_digest", "ab" * 32),
        ("fields.3.name", "desa"),
        ("epoch", 2),
    ],
)
def test_encoding_terms_change_the_keys(path: str, value: Any) -> None:
    tree = charter_tree()
    set_in(tree, path, value)
    assert charter_from(tree).terms_digest() != charter_from(charter_tree()).terms_digest()


@pytest.mark.parametrize("alone", [{"kk": 584_999}, {"kk": 1_000_001}, {"nik": 700_000}])
def test_alone_an_encoding_needs_no_less_than_its_threshold(alone: dict[str, int]) -> None:
    tree = charter_tree()
    tree["encoding"]["profile"] = "compound-1"
    (encoding,) = tree["encoding"]["encodings"]
    tree["encoding"]["encodings"] = [
        {**encoding, "name": name, "salt": [name], "rounds": 2} for name in ("kk", "nik")
    ]
    tree["matching"] = {"thresholds_ppm": {"kk": 585_000}, "nik_floor_ppm": 560_000}
    charter_from({**tree, "matching": {**tree["matching"], "alone_ppm": {"kk": 585_000}}})
    with pytest.raises(BadInput) as caught:
        charter_from({**tree, "matching": {**tree["matching"], "alone_ppm": alone}})
    assert "alone_ppm" in caught.value.problem.en


def test_families_go_first_where_a_card_can_speak() -> None:
    tree = charter_tree()
    tree["encoding"]["profile"] = "compound-1"
    (encoding,) = tree["encoding"]["encodings"]
    tree["encoding"]["encodings"] = [
        {**encoding, "name": name, "salt": [salt], "rounds": 2}
        for name, salt in (("kartu", "kk"), ("kk", "lahir.year"))
    ]
    of_cards, named_so = ({"order": "household", "nik_floor_ppm": 560_000} for _ in range(2))
    of_cards["thresholds_ppm"], named_so["thresholds_ppm"] = {"kartu": 585_000}, {"kk": 585_000}
    assert charter_from({**tree, "matching": of_cards}).salted_by_cards == {"kartu"}
    with pytest.raises(BadInput) as caught:
        charter_from({**tree, "matching": named_so})
    assert "household" in caught.value.problem.en


def test_other_amendments_keep_the_keys() -> None:
    tree = charter_tree()
    set_in(tree, "budget.runs", 9)
    changed = charter_from(tree)
    assert changed.digest() != charter_from(charter_tree()).digest()
    assert changed.terms_digest() == charter_from(charter_tree()).terms_digest()


def test_the_published_json_schema_is_the_models() -> None:
    """`padan-policy charter schema > docs/reference/charter.schema.json` renews it."""
    published = TUTORIAL.parents[1] / "reference" / "charter.schema.json"
    assert json.loads(published.read_text(encoding="utf-8")) == Charter.model_json_schema()


def test_broken_yaml_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "rusak.yaml"
    path.write_text("type: [")
    with pytest.raises(BadInput) as caught:
        load_charter(path)
    assert "rusak.yaml" in caught.value.problem.en
    assert "rusak.yaml" in caught.value.problem.id


def test_the_tutorial_charter_differs_from_the_template_in_data_only() -> None:
    text = (TUTORIAL / "charter.yaml").read_text(encoding="utf-8")
    filled = (
        text.replace("@TODAY@", "2026-01-01")
        .replace("@NEXT_YEAR@", "2027-12-31")
        .replace("@RULES@", "ab" * 32)
        .replace("@TERMS@", "cd" * 32)
        .replace("@ASSESSED@", "cd" * 32)
        .replace("@PROBE@", "ef" * 32)
    )
    tree = yaml.safe_load(filled)
    tree["encoding"]["encodings"] = charter_tree()["encoding"]["encodings"]
    tree["encoding"]["profile"] = "plain"
    tree["matching"] = charter_tree()["matching"]
    charter = charter_from(tree)
    assert [d.id for d in charter.datasets] == ["regsosek", "dtks", "ppks", "carik"]
    template = yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))
    assert set(tree) == {*template, "attributes"}  # a comment in the template


def test_a_name_that_the_charter_lacks_is_said_in_words() -> None:
    with pytest.raises(BadInput) as caught:
        charter_from(charter_tree()).dataset("nowhere")
    assert caught.value.code == "charter.unknown-dataset"
    assert caught.value.problem.en == "The charter has no dataset 'nowhere'."
