"""The kinds of things with a destruction date: at the service, and at each party."""

from __future__ import annotations

from typing import Literal

ServiceThing = Literal["service-key", "encodings", "candidates", "staged-files", "openings"]
PartyThing = Literal[
    "prepared-rows", "keys", "handle-map", "opened-releases", "lists", "attributes"
]
Thing = ServiceThing | PartyThing
