"""The lists that `padan-policy init` knows, and which of them a project joins."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Literal

import yaml

from policy.base.canonical import Identifier, Model
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.charter import Bilingual
from policy.charter.data import Source

# The programme list of a region against DTSEN.
USUAL = ("dtsen", "program")


class KnownList(Model):
    """One list; `synthetic` names the synthetic source that has its columns."""

    id: Identifier
    owner: Literal["bps", "dinsos"]
    title: Bilingual
    source: Source
    data_class: Literal["umum", "spesifik"]
    synthetic: str


@cache
def known_lists() -> tuple[KnownList, ...]:
    text = resources.files("policy.starter").joinpath("known_lists.yaml").read_text("utf-8")
    return tuple(KnownList.model_validate(each) for each in yaml.safe_load(text))


def choose_lists(names: Sequence[str] = USUAL) -> tuple[KnownList, ...]:
    """The lists of these names, in the order of all; at least one of each owner, else BadInput."""
    chosen = tuple(each for each in known_lists() if each.id in names)
    unknown = set(names) - {each.id for each in chosen}
    if unknown or {each.owner for each in chosen} != {"bps", "dinsos"}:
        of = {
            owner: ", ".join(each.id for each in known_lists() if each.owner == owner)
            for owner in ("bps", "dinsos")
        }
        raise BadInput(
            PolicyCode.OPTION_LIST,
            Words(
                "Sebuah proyek memadankan daftar BPS dengan daftar Dinas Sosial.",
                "A project joins lists of BPS with lists of Dinas Sosial.",
            ),
            Words(
                f"Sebut --list dari keduanya. BPS: {of['bps']}. Dinas Sosial: {of['dinsos']}.",
                f"Give --list of both. BPS: {of['bps']}. Dinas Sosial: {of['dinsos']}.",
            ),
        )
    return chosen
