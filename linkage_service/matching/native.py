"""Compiles this package's kernels to machine code: one decorator, one instruction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numba.extending import intrinsic
from numpy.typing import NDArray

Compiled = TypeVar("Compiled", bound=Callable[..., Any])
Column = TypeVar("Column", bound=NDArray[Any])


def native(function: Compiled) -> Compiled:
    """Compile on first use and keep the result on disk; it runs without the GIL.

    Compiled functions see only arrays and numbers. Integer arithmetic only:
    every machine must find the same pairs.
    """
    try:
        return cast(Compiled, numba.njit(nogil=True, cache=True)(function))
    except RuntimeError:
        # Neither this folder nor a home is writable, as in a locked-down
        # container: each process compiles for itself, which takes seconds at its start.
        return cast(Compiled, numba.njit(nogil=True)(function))


def _popcount(typing_context: Any, word: Any) -> Any:
    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return word(word), emit


# LLVM's population count. Inside a plain loop it becomes VPOPCNTDQ, NEON's CNT
# or a table lookup, whichever this machine has.
popcount = cast(Callable[[Any], Any], intrinsic(_popcount))


def read_only(array: Column) -> Column:
    """The same memory as contiguous and read-only, so that kernels compile for one type.

    Arrays mapped from a file are read-only, arrays in memory are not, and numba
    would compile everything twice.
    """
    view = np.ascontiguousarray(array).view(np.ndarray)
    view.flags.writeable = False
    return cast(Column, view)
