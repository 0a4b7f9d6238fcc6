"""The example programmes that come with Padan."""

from __future__ import annotations

from importlib import resources

from encoder.error_codes import EncoderCode
from encoder.released.programmes.reading import parse_programme
from encoder.released.programmes.rules import Programme
from policy.base.errors import BadInput
from policy.base.words import Words

_ROOM = resources.files("encoder.released.programmes") / "example_rules"


def example_names() -> tuple[str, ...]:
    """The ids of all examples, in alphabetical order."""
    names = (each.name for each in _ROOM.iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


def example_bytes(name: str) -> bytes:
    """The YAML of one example; raises BadInput if there is none of this name."""
    if name not in example_names():
        known = ", ".join(example_names())
        raise BadInput(
            EncoderCode.PROGRAMME_UNKNOWN,
            Words(f"Tidak ada contoh program '{name}'.", f"There is no example '{name}'."),
            Words(f"Contoh yang ada: {known}.", f"The examples are: {known}."),
        )
    return (_ROOM / f"{name}.yaml").read_bytes()


def example(name: str) -> Programme:
    return parse_programme(example_bytes(name), f"{name}.yaml")
