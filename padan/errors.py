"""The errors that `padan` raises: those of `policy.base.errors`, and one for a missing part.

    PadanError
    ├── BadInput          a table, a file or a value is wrong
    │   └── MissingExtra  a package is not installed; also an ImportError
    ├── Refused           the charter or a rule says no
    ├── WrongKey          a passphrase or key does not fit
    ├── NotYet            an earlier step is missing
    ├── Unverified        a proof or digest does not hold
    └── Unreachable       the linkage service cannot be reached

Each has `code`, `problem` and `hint`, both in Indonesian and English. An error names a column,
a row and a rule, and never a cell or a secret.
"""

from __future__ import annotations

from collections.abc import Iterable

from padan.error_codes import PadanCode
from policy.base.errors import BadInput
from policy.base.extras import is_there
from policy.base.words import Words


class MissingExtra(BadInput, ImportError):
    """A package that this function needs is not installed. The hint is the command to run."""

    def __init__(self, extra: str, missing: Iterable[str]) -> None:
        self.extra, self.missing = extra, tuple(missing)
        names = ", ".join(self.missing)
        super().__init__(
            PadanCode.EXTRA_MISSING,
            Words(
                f'Ini memerlukan bagian tambahan "{extra}", yang belum terpasang lengkap (tidak'
                f" ada: {names}).",
                f'This needs the extra "{extra}", which is not fully installed (missing: {names}).',
            ),
            Words(
                f"Pasang dengan: pip install 'padan[{extra}]'",
                f"Install it with: pip install 'padan[{extra}]'",
            ),
        )

    def __reduce__(self) -> tuple[type[MissingExtra], tuple[str, tuple[str, ...]]]:  # type: ignore[override]
        return type(self), (self.extra, self.missing)


def require(extra: str, *modules: str) -> None:
    """Raises MissingExtra unless all these modules can be imported; imports none of them."""
    missing = [name for name in modules if not is_there(name)]
    if missing:
        raise MissingExtra(extra, missing)
