"""An evidence bundle is written entry by entry: the same bytes, without the log in memory."""

from __future__ import annotations

import base64
import io
import random
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from policy.evidence import EvidenceBundle, bundle_members, pack_bundle, read_bundle, write_bundle
from tests.support.republic import Republic

ENTRIES, ENTRY_BYTES = 3000, 1500


def bundle() -> EvidenceBundle:
    republic = Republic().to("charter")
    republic.witness()
    return republic.evidence()


def entries() -> Iterator[bytes]:
    """Some 4.5 MB, as hard to compress as signatures are."""
    drawn = random.Random(1)
    return (base64.b64encode(drawn.randbytes(ENTRY_BYTES * 3 // 4)) for _ in range(ENTRIES))


def packed_at_once(whole: EvidenceBundle) -> bytes:
    """How the first builds wrote it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(bundle_members(whole).items()):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def test_it_has_the_bytes_of_a_bundle_written_at_once(tmp_path: Path) -> None:
    whole = bundle()
    assert pack_bundle(whole) == packed_at_once(whole)
    path = tmp_path / "evidence.zip"
    path.write_bytes(pack_bundle(whole))
    assert read_bundle(path).leaves == whole.leaves
    whole.leaves = list(entries())
    assert pack_bundle(whole) == packed_at_once(whole)


def peak_of(work: Callable[[], object]) -> int:
    """The most that the work holds at once, bytes."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_long_log_is_written_without_being_held(tmp_path: Path) -> None:
    small = bundle()

    def streamed() -> None:
        with (tmp_path / "streamed.zip").open("wb") as file:
            write_bundle(file, small, entries())

    def at_once() -> None:
        packed_at_once(EvidenceBundle(**{**vars(small), "leaves": list(entries())}))

    assert peak_of(streamed) < 1_000_000
    assert peak_of(at_once) > ENTRIES * ENTRY_BYTES, "a log that is held must fail"
