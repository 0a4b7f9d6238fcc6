"""Payload columns: what a source says about a person beyond who it is. Never read."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml

from encoder.presets.headers import plain
from policy.canonical import Model
from policy.charter import Bilingual
from policy.words import Words


class PayloadClass(Model):
    """Column names of one class, and why linkage has no business with them."""

    reason: Bilingual
    names: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()

    def fits(self, name: str) -> bool:
        return (
            name in self.names
            or name.startswith(self.starts)
            or any(part in name for part in self.holds)
        )


@cache
def _classes() -> tuple[PayloadClass, ...]:
    text = (resources.files("encoder.presets") / "payload.yaml").read_text("utf-8")
    return tuple(PayloadClass.model_validate(each, strict=False) for each in yaml.safe_load(text))


def payload_reason(header: str) -> Words | None:
    """Why a column of this name is payload; None if nothing speaks against it."""
    name = plain(header)
    for each in _classes():
        if each.fits(name):
            return Words(each.reason.id, each.reason.en)
    return None
