"""The register of written lists keeps each of them, also when several commands write at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from encoder.steps.written_lists import remember, written


def test_lists_that_are_written_at_once_are_all_entered(tmp_path: Path) -> None:
    """A list that is not in the register would never be destroyed."""
    outs = [tmp_path / f"{at}.csv" for at in range(60)]
    for out in outs:
        out.write_text("id\n")
    home = tmp_path / "home"
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda out: remember(home, [out], "people", 1), outs))
    assert {each.path for each in written(home)} == {str(out.resolve()) for out in outs}
