"""Payload columns: what a source says about a person beyond identity. Never read."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml

from encoder.source.presets.headers import plain
from encoder.source.presets.layouts import PresetLayout, find, layouts
from policy.base.canonical import Model
from policy.base.words import Words
from policy.charter import Bilingual


class PayloadClass(Model):
    """Column names of one class, and why linkage must not use them."""

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
    text = (resources.files("encoder.source.presets") / "payload.yaml").read_text("utf-8")
    return tuple(PayloadClass.model_validate(each, strict=False) for each in yaml.safe_load(text))


def payload_reason(header: str, layout: PresetLayout | None = None) -> Words | None:
    """Why a column of this name is payload, in this layout or in any; None if it is not."""
    reason = _anywhere(header)
    if reason is None and layout is not None and find(layout.payload, [header]) is not None:
        return _in_layout(layout)
    return reason


@cache
def _anywhere(header: str) -> Words | None:
    name = plain(header)
    for each in _classes():
        if each.fits(name):
            return Words(each.reason.id, each.reason.en)
    for layout in layouts():
        if name in _named(layout):
            return _in_layout(layout)
    return None


def _in_layout(layout: PresetLayout) -> Words:
    return Words(f"muatan dalam susunan {layout.id}", f"payload in the layout {layout.id}")


def _named(layout: PresetLayout) -> frozenset[str]:
    """A layout's payload by complete names; prefixes apply to that layout only."""
    return frozenset(plain(name) for name in layout.payload if not name.endswith("*"))
