"""Tests of the marker `thorough`, and what the default suite has for each of them.

A thorough test repeats a rule at a larger size, on a second database or in one more world. It
names the cheaper test of the same rule that the default suite keeps:

    @pytest.mark.thorough("test_a_small_one")                          # of the same module
    @pytest.mark.thorough("security/test_probes.py::test_a_small_one")

A parameter may be thorough (`pytest.param(..., marks=...)`) and name its own test, of which another
parameter stays. `make test` leaves thorough tests out (`-m "not thorough"`); `make test-all` and
`.ci/run` run them, and so does pytest when a file is given to it. A marker that names no test of
the default suite ends the collection with an error.

A test that draws examples or repeats draws may instead take fewer of them in the default suite:

    @settings(max_examples=how_many(600, default=150))
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

MARKER = "thorough"
_LEFT_OUT = f"not {MARKER}"
_is_default_suite = False


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Before any test module asks for a number; the workers of a run have its options."""
    global _is_default_suite
    _is_default_suite = config.option.markexpr == _LEFT_OUT


def how_many(of_all: int, *, default: int) -> int:
    """`default` in the default suite, `of_all` where thorough tests run."""
    return default if _is_default_suite else of_all


@pytest.hookimpl(tryfirst=True)  # before `-m` takes tests away
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Checks the markers of whole modules: where single tests are asked for, others are absent."""
    if any("::" in argument for argument in config.args):
        return
    wrong = [f"{item.nodeid}: {what}" for item in items for what in faults(item, items)]
    if wrong:
        raise pytest.UsageError("\n".join(wrong))


def faults(item: pytest.Item, items: Sequence[pytest.Item]) -> Iterator[str]:
    """What is wrong with the markers of `item`, one of the collected `items`."""
    for marker in item.iter_markers(MARKER):
        if len(marker.args) != 1 or marker.kwargs or not isinstance(marker.args[0], str):
            yield 'write thorough("the test that the default suite has for it")'
            continue
        module, _, name = marker.args[0].rpartition("::")
        module = f"tests/{module}" if module else _module(item)
        same_module = [other for other in items if _module(other) == module]
        if not same_module and module != _module(item):
            continue  # not collected this time
        if not any(_is(other, name) and _is_default(other) for other in same_module):
            yield f"{module} has no test {name!r} in the default suite"


def _module(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _is(item: pytest.Item, name: str) -> bool:
    return name in (item.name, getattr(item, "originalname", None))


def _is_default(item: pytest.Item) -> bool:
    return item.get_closest_marker(MARKER) is None
