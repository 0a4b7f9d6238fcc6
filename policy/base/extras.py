"""What a console script says if its extra is not installed."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words


def stop_if_missing(script: str, extra: str, modules: Iterable[str]) -> None:
    """Exit 2 with the install command if a module of the extra is missing.

    Looks for the modules but imports none of them, so that a failing import of our own code is
    still reported as a bug.
    """
    missing = [name for name in modules if not is_there(name)]
    if not missing:
        return
    names = ", ".join(missing)
    problem = Words(
        id=f'{script} memerlukan bagian tambahan "{extra}", yang belum terpasang lengkap '
        f"(tidak ada: {names}). Pasang dengan:",
        en=f'{script} needs the extra "{extra}", which is not fully installed '
        f"(missing: {names}). Install it with:",
    )
    print(problem.id, problem.en, f'\n    pip install "padan[{extra}]"', sep="\n", file=sys.stderr)
    raise SystemExit(2)


def require_extra(extra: str, module: str) -> None:
    """Raises BadInput with the install command, for a module that only some inputs need."""
    if is_there(module):
        return
    raise BadInput(
        PolicyCode.EXTRA_MISSING,
        Words(
            f'Ini memerlukan bagian tambahan "{extra}", yang belum terpasang.',
            f'This needs the extra "{extra}", which is not installed.',
        ),
        Words(
            f'Pasang dengan: pip install "padan[{extra}]"',
            f'Install it with: pip install "padan[{extra}]"',
        ),
    )


def is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False
