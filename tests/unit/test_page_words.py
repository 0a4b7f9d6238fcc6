"""Errors of the shared library on a page: its steps, and no option that the page does not have."""

from __future__ import annotations

import pytest

from encoder.ui.hints import PAGE_WORDS
from policy.base.words import Words
from policy.ui.words import PAGE_WORDS as APPROVER_WORDS


@pytest.mark.parametrize(
    ("hint", "told"),
    [
        ("Run 'padan-encoder prepare'.", "Run step 5 (Prepare)."),
        (
            "First run 'padan-encoder prepare', 'encode' and 'upload'.",
            "First run step 5 (Prepare), step 7 (Encode) and step 8 (Upload).",
        ),
        ("See 'padan-encoder list PROJECT RELEASE'.", "See step 10 (Results)."),
        ("'prepare' refuses them.", "Step 5 (Prepare) refuses them."),
        ("Close the file 'prepared rows' first.", "Close the file 'prepared rows' first."),
    ],
)
def test_a_command_is_called_by_its_step(hint: str, told: str) -> None:
    assert PAGE_WORDS.told(Words(hint, hint)).en == told


def test_what_only_a_command_can_do_is_said_to_be_one() -> None:
    hint = "Lift it with 'padan-policy lift-hold'."
    for words in (PAGE_WORDS, APPROVER_WORDS):
        said = words.hint("retention.held", Words(hint, hint))
        assert said.en == f"The next step is not on this page but a command in a terminal. {hint}"
        assert said.id.startswith("Langkah berikut ada di luar halaman ini")


def test_a_hint_that_names_an_option_has_its_own_words() -> None:
    said = PAGE_WORDS.hint("inspect.table", Words("Tulis --table.", "Give --table."))
    assert "--table" not in said.id + said.en


def test_a_proposal_that_a_mapping_would_need_is_a_choice_on_the_page() -> None:
    written = Words("tulis {code: x, codebook: bps}", "write {code: x, codebook: bps}")
    told = PAGE_WORDS.told(written)
    assert "codebook:" not in told.id + told.en
