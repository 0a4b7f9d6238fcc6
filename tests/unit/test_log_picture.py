"""The log as a picture, and what people read in place of ids."""

from __future__ import annotations

import re

import pytest

from policy.base.words import Words
from policy.charts.timeline import Timeline, TimelineRow
from policy.project.log_picture import PHASES, log_picture
from policy.project.naming import IDS, Naming, offices
from policy.project.progress import steps_done
from policy.project.turn import Turn
from policy.statements import Confirmed
from policy.statements.kind import Phase
from tests.support.republic import Republic, charter_tree

DAY = 86_400
NAME = Words("Kunci", "Keys")


def places(chart: Timeline) -> list[float]:
    return [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', chart.svg("id"))]


def chart(*times: int) -> Timeline:
    return Timeline("t", NAME, NAME, (TimelineRow(NAME, times),))


def test_dots_lie_where_their_time_is() -> None:
    first, middle, last = places(chart(0, 5 * DAY, 10 * DAY))
    assert first < middle < last <= 640
    assert abs((first + last) / 2 - middle) < 1
    assert len(places(chart(0, 0, DAY))) == 2, "two at one time are one dot"
    assert ">3</text>" in chart(0, 0, DAY).svg("en"), "and still counted"
    assert places(chart()) == []


def test_the_scale_says_the_hour_only_where_days_are_few() -> None:
    assert "WIB" in chart(0, DAY).svg("id")
    assert "WIB" not in chart(0, 30 * DAY).svg("id")


def test_every_statement_is_in_the_picture_and_its_table() -> None:
    project = Republic().to("receipt").project
    figure = log_picture(project)
    assert len(figure.table.rows) == project.size
    drawn = figure.drawing
    assert isinstance(drawn, Timeline)
    timed = [row for row in figure.table.rows if row[1] != Words("–", "–")]
    assert sum(len(row.times) for row in drawn.rows) == len(timed)
    assert {row.name for row in drawn.rows} >= {PHASES[Phase.CEREMONY], PHASES[Phase.RELEASES]}


def test_steps_have_the_date_of_their_last_statement() -> None:
    project = Republic().to("confirm").project
    steps = {each.name: each for each in steps_done(project)}
    assert steps["confirm"].at == max(entry.body.at for entry in project.of(Confirmed))
    assert steps["decision"].at is None


def test_people_and_lists_are_called_by_their_names() -> None:
    project = Republic(offices={"dinsos": "Dinas Sosial"}).to("bundle").project
    naming = offices(project)
    title = project.charter.dataset("dtks").title
    turn = Turn("bundle", ("dinsos", "nobody-known"), "dtks")
    assert f"Dinas Sosial, nobody-known, untuk menyandikan dan mengirim ({title.id})" in (
        turn.words(naming).id
    )
    assert turn.words() == turn.words(IDS)
    said = Words("Sel kecil: dinsos/dtks (UU 27/2022).", "Small cell: dinsos/dtks, stranger/dtks.")
    assert naming.spelled(said) == Words(
        f"Sel kecil: Dinas Sosial ({title.id}) (UU 27/2022).",
        f"Small cell: Dinas Sosial ({title.en}), stranger/dtks.",
    )


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Kecil: bps/dtks+carik, a+bps/dtks.", "Kecil: Pusat (DTKS + Carik), A + Pusat (DTKS)."),
        ("1 dari 2; tidak dihitung: bps, a.", "1 dari 2; tidak dihitung: Pusat, A."),
        ("Kecil: dtks-carik/dtks, lain/dtks.", "Kecil: DTKS, Carik (DTKS), lain/dtks."),
        ("Belum: bps", "Belum: Pusat"),
        ("Belum: bps dan a", "Belum: bps dan a"),
        ("Belum: bps, lain.", "Belum: bps, lain."),
        ("Semua baik: ya.", "Semua baik: ya."),
    ],
)
def test_reasons_say_names_in_place_of_ids(said: str, shown: str) -> None:
    """A list with an id that has no name stays as it is: it may be words."""
    members, datasets = {"bps": "Pusat", "a": "A"}, {"dtks": "DTKS", "carik": "Carik"}
    naming = Naming(
        lambda each: IDS.same(members.get(each, each)),
        lambda each: IDS.same(datasets.get(each, each)),
        lambda each: IDS.same({"dtks-carik": "DTKS, Carik"}.get(each, each)),
        IDS.same,
    )
    assert naming.spelled(IDS.same(said)).id == shown


@pytest.mark.parametrize(
    ("part", "ind", "eng"),
    [
        ("semua:0", "DTKS, Carik: tidak padan", "DTKS, Carik: not matched"),
        ("semua:1", "DTKS, Carik: padan", "DTKS, Carik: matched"),
        (
            "rilis-1/semua:1+carik+verify",
            "DTKS, Carik: rilis-1: padan + Carik (perlu dicek)",
            "DTKS, Carik: rilis-1: matched + Carik (to verify)",
        ),
        ("dtks:semua:1", "DTKS: DTKS, Carik: padan", "DTKS: DTKS, Carik: matched"),
        ("dtks:-", "tidak ada di DTKS", "not on DTKS"),
    ],
)
def test_what_a_recipient_sees_of_a_row_is_said_in_words(part: str, ind: str, eng: str) -> None:
    titles = {"dtks": "DTKS", "carik": "Carik", "semua": "DTKS, Carik"}

    def title(name: str) -> Words:
        return IDS.same(titles.get(name, name))

    assert Naming(IDS.same, title, title, IDS.same).seen(part) == Words(ind, eng)


def test_an_agency_has_the_name_of_the_charter_and_a_turn_names_the_person() -> None:
    tree = charter_tree()
    tree["agency_names"] = {"dinsos": "Dinas Sosial Contoh"}
    republic = Republic(tree=tree).to("charter")
    naming, person = offices(republic.project), republic.project.known("dinsos").name
    assert naming.member("dinsos") == IDS.same("Dinas Sosial Contoh")
    assert naming.member("bps") == IDS.same(republic.project.known("bps").name)
    assert person in Turn("commit", ("dinsos",)).words(naming).en
    assert "Dinas Sosial Contoh" in steps_done(republic.project, naming)[0].by.en
