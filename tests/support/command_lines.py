"""Imports the three command lines, for processes that are forked from here."""

from __future__ import annotations

import encoder.cli
import encoder.cli.going
import linkage_service.cli
import policy.cli

LINES = (encoder.cli.app, linkage_service.cli.app, policy.cli.app)
