"""What is written by hand into a log that is kept for good tells of no person (T16)."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.base.errors import BadInput
from policy.charter import FIRST_LAW, LATEST_LAW
from policy.law.free_texts import require_plain
from policy.statements import CharterBody, Excepted, Hold
from tests.support.republic import PARTIES, Republic, charter_from, charter_tree, scoped
from tests.support.service import Town

Tree = dict[str, Any]
NIK = "9971010101900001"  # of no province that there is

PERSONS = [
    NIK,
    f"atas nama warga {NIK}, kasus berat",
    "9971 0101 0190 0001",
    "9971.0101.0190.0001",
    "9971-0101-0190-0001",
    "997101-010190-0001",
    "9971\u20130101\u20130190\u20130001",
    "9971 - 0101 - 0190 - 0001",
    "9971\u00a00101\u00a00190\u00a00001",
    "９９７１０１０１０１９０００ ０１".replace(" ", ""),
    "٩٩٧١٠١٠١٠١٩٠٠٠٠١",
    "9 9 7 1 0 1 0 1 0 1 9 0 0 0 0 1",
    f"x{NIK}y",
    NIK + "123",
    "nama: Contoh",
    "NAMA : Contoh",
    "Nama Lengkap = Contoh",
    "nama_lengkap: Contoh",
    "NIK: 99",
    "tanggal lahir: 1990-01-01",
    "Tgl. Lahir: 1 Januari 1990",
    "nama ibu kandung: Contoh",
    "name: Example",
    "date of birth: 1990",
    "ibu: Contoh",  # what the charter calls its fields
]
PLAIN = [
    "",
    "DPIA/2026/001",
    "PKS/2026/001",
    "100.3.5.4/3842/SJ/2024",
    "800.1.11.1/123/2026",
    "Perpres 39/2019 tentang Satu Data Indonesia",
    "ppid@dinsos.example",
    "021-3822255, 021-3822256",
    "+62 811 1234 5678",
    "berlaku 2026-11-25 - 2027-11-24",
    "2026-11-25 2027-11-24 2028-11-24",
    "data kesejahteraan: nama, NIK dan tanggal lahir dipadankan",
    "Alamat: Jalan Medan Merdeka Selatan 8",
    "a" * 64,
    "1234567890" * 6 + "1234",  # a digest, by its form
    "contoh-2026",
]


@pytest.mark.parametrize("text", PERSONS)
def test_a_persons_data_is_refused_by_its_place(text: str) -> None:
    tree = {"titles": [{"id": "baik"}, {"id": text}]}
    with pytest.raises(BadInput) as caught:
        require_plain(tree, ["ibu", "lahir"])
    said = f"{caught.value.problem.id}{caught.value.problem.en}{caught.value.hint.id}"
    assert "titles.1.id" in said
    assert text not in said


@pytest.mark.parametrize("text", PLAIN)
def test_what_offices_write_passes(text: str) -> None:
    require_plain({"titles": [{"id": text}]}, ["ibu", "lahir", "nik"])


def test_names_of_parts_are_looked_at_and_never_told() -> None:
    with pytest.raises(BadInput) as caught:
        require_plain({"datasets": {f"d-{NIK}": 1}})
    assert NIK not in caught.value.problem.en


@pytest.mark.parametrize("text", ["9971 0101 0190 0001", "nama: Contoh bin Contoh"])
@pytest.mark.parametrize(
    ("place", "write"),
    [
        ("title.id", lambda tree, text: tree["title"].update(id=text)),
        ("purpose.text.en", lambda tree, text: tree["purpose"]["text"].update(en=text)),
        ("agreements.0.number", lambda tree, text: tree["agreements"][0].update(number=text)),
        ("parties.1.contact", lambda tree, text: tree["parties"][1].update(contact=text)),
        ("dpia.reference", lambda tree, text: tree["dpia"].update(reference=text)),
        ("retention.jra", lambda tree, text: tree["retention"].update(jra=text)),
    ],
)
def test_no_person_in_a_charter(
    place: str, write: Callable[[Tree, str], object], text: str
) -> None:
    for law in (FIRST_LAW, LATEST_LAW):
        tree = {**copy.deepcopy(charter_tree()), "law": law}
        write(tree, text)
        republic = Republic(tree=scoped(tree))
        if law == FIRST_LAW:
            republic.charter_signed_by("bps")
            continue
        with pytest.raises(BadInput) as caught:
            republic.charter_signed_by("bps")
        assert caught.value.code == "statement.person"
        assert place in caught.value.problem.id
        assert text not in caught.value.problem.id


def excepted(republic: Republic, **change: Any) -> Excepted:
    fields: dict[str, Any] = {
        "at": republic.now,
        "rule": "run.separation",
        "about": ("dinsos",),
        "reference": "PPDP/2/2026",
        "until": republic.charter.valid_until,
    }
    return Excepted(**{**fields, **change})


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ("about.1", {"about": ("dinsos", f"skizofrenia, {NIK}")}),
        ("reference", {"reference": f"surat {NIK}"}),
        ("reference", {"reference": "nama: Contoh"}),
    ],
)
def test_no_person_in_an_exception(place: str, change: dict[str, Any]) -> None:
    old = Republic(tree=scoped({**charter_tree(), "law": FIRST_LAW})).to("charter")
    old.say("dpo", excepted(old, **change))
    republic = Republic().to("charter")
    with pytest.raises(BadInput) as caught:
        republic.say("dpo", excepted(republic, **change))
    assert f"'{place}'" in caught.value.problem.en
    assert NIK not in caught.value.problem.en
    republic.say("dpo", excepted(republic))


def test_no_person_in_a_hold_or_the_name_of_a_run() -> None:
    republic = Republic().to("bundle")
    hold = Hold(at=republic.now, basis="nama: Contoh, putusan 12")
    for member, body, run, place in (
        ("dpo", hold, "", "basis"),
        ("dinsos", republic.run_order(), f"padan-{NIK}", "run"),
    ):
        with pytest.raises(BadInput) as caught:
            republic.say(member, body, run=run)
        assert f"'{place}'" in caught.value.problem.en


def test_an_amendment_is_read_as_well() -> None:
    republic = Republic().to("charter")
    tree = {**copy.deepcopy(republic.tree), "version": 2}
    tree["parties"][0]["contact"] = f"Bu Contoh {NIK}"
    body = CharterBody.model_validate(charter_from(scoped(tree)).model_dump())
    for party in PARTIES:
        with pytest.raises(BadInput):
            republic.say(party, body)


def test_a_client_reads_before_it_signs(tmp_path: Path) -> None:
    """The service is not there: nothing was sent to it."""
    tree = {**copy.deepcopy(charter_tree())}
    town = Town(tmp_path, tree=tree)
    town.session("bps").statement(CharterBody.model_validate(town.charter.model_dump()))
    tree["title"]["en"] = "name: Example"
    with pytest.raises(BadInput) as caught:
        town.session("bps").statement(CharterBody.model_validate(town.charter.model_dump()))
    assert caught.value.code == "statement.person"


def test_all_that_a_life_says_passes() -> None:
    """Nothing of what the commands themselves write looks like a person's data."""
    Republic().to("receipt")


SHORT = st.text(st.sampled_from("0123456789 -._:=nNiIkKaAmM１：\u2010"), max_size=20)


def refused(text: str) -> bool:
    try:
        require_plain({"title": text}, ["nama"])
    except BadInput:
        return True
    return False


@given(SHORT | st.builds("{} {}".format, st.sampled_from(["nik", "nama", ""]), SHORT))
def test_a_short_text_is_judged_as_in_a_long_one(text: str) -> None:
    """Short texts that can hold nothing are not searched; white space makes one long."""
    assert refused(text) == refused(text + " " * 20)
