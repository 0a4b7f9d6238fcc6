"""A signal at the worst moment leaves no temporary file behind."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from policy.base.files import folder_beside, replacing
from policy.base.stopping import Stopped, end_on_signals, not_now

NUMBERS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in NUMBERS}
    for number in NUMBERS:
        usual = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
        signal.signal(number, usual)
    end_on_signals()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture(params=NUMBERS)
def struck(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """The signal comes when the name is made, and before anybody knows it."""
    for name in ("mkdtemp", "mkstemp"):
        monkeypatch.setattr(tempfile, name, _then(request.param, getattr(tempfile, name)))
    return int(request.param)


def _then(number: int, make: Callable[..., Any]) -> Callable[..., Any]:
    def made(*arguments: Any, **named: Any) -> Any:
        found = make(*arguments, **named)
        signal.raise_signal(number)
        return found

    return made


def _folder(place: Path) -> AbstractContextManager[Any]:
    return folder_beside(place / "a", "a-")


def _file(place: Path) -> AbstractContextManager[Any]:
    return replacing(place / "a")


@pytest.mark.parametrize("make", [_folder, _file])
def test_a_signal_the_moment_it_is_made_removes_it(
    tmp_path: Path, struck: int, make: Callable[[Path], AbstractContextManager[Any]]
) -> None:
    with pytest.raises((Stopped, KeyboardInterrupt)), make(tmp_path):
        pytest.fail("went on")
    assert list(tmp_path.iterdir()) == []


def test_python_alone_would_leave_it(tmp_path: Path, struck: int) -> None:
    with pytest.raises((Stopped, KeyboardInterrupt)), TemporaryDirectory(dir=tmp_path):
        pytest.fail("went on")
    assert len(list(tmp_path.iterdir())) == 1


def test_a_signal_waits_for_the_outermost_section() -> None:
    passed = []

    def sections() -> None:
        with not_now():
            with not_now():
                signal.raise_signal(signal.SIGTERM)
                passed.append("inner")
            passed.append("outer")

    with pytest.raises(Stopped) as stopped:
        sections()
    assert (passed, stopped.value.number) == (["inner", "outer"], signal.SIGTERM)
    with not_now():
        pass
