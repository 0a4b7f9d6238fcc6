"""Commands import without garbage collection; what follows has it as ever."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from policy.base.start import loading

# Says, as the command line is looked for and as it ends: is collection on, and what is left out?
TOLD = """
import gc, sys
from importlib import import_module

script = sys.argv[1]
sys.argv[1:] = ["--version"]

class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == script + ".cli":
            print(gc.isenabled(), gc.get_freeze_count())

main = import_module(script + ".__main__").main
sys.meta_path.insert(0, Watch())
try:
    main()
finally:
    print(gc.isenabled(), gc.get_freeze_count())
"""


def test_nothing_is_collected_while_loading() -> None:
    with loading():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_import_that_fails_leaves_collection_on() -> None:
    with pytest.raises(ImportError), loading():
        raise ImportError
    assert gc.isenabled()


@pytest.mark.parametrize("script", ["policy", "encoder", "linkage_service"])
def test_a_command_line_loads_in_this_way(script: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TOLD, script], capture_output=True, text=True, check=True
    )
    looked_for, _, ended = done.stdout.splitlines()
    assert looked_for == "False 0"
    enabled, frozen = ended.split()
    assert enabled == "True"
    assert int(frozen) > 20_000
