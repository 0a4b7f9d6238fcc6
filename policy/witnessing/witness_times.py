"""When the charter's witnesses saw the log, and what that says about the time of an entry.

A cosignature states that at this time, the checkpoint was the largest that the witness had seen. So
its first time on a checkpoint with an entry is an upper bound of the entry's time. Its newest time
on a checkpoint without the entry is a lower bound. Checkpoints are cosigned again while nothing
happens, so that an idle log has recent times as well.

One wrong clock proves nothing and accuses nobody:

    `seen_by_quorum`            shown: the charter's quorum, and at least two, saw it by then
    `there_by`, `lacking_at`    counts against a statement: two witnesses say so

(One witness is enough if the charter names only one.) Only witnesses count that are named by the
charter in force at the checkpoint; other cosignatures change nothing. Since the second law the
witnesses of one agency count as one, under the name of the first, and those of an agency that runs
the service do not count (`policy.witnessing.quorum.speaking`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from policy.base.clocks import TIMES_APART_SECONDS
from policy.project import Project
from policy.statements import CharterBody
from policy.witnessing.cosigned import CosignedSize
from policy.witnessing.quorum import speaking

Times = Mapping[str, int]


@dataclass(frozen=True)
class Head:
    """One checkpoint as the charter's witnesses saw it: the first and newest time of each."""

    size: int
    first: Times
    newest: Times


@dataclass(frozen=True)
class Witnessed:
    """All checkpoints of one log, smallest first; `quorum` and `named` are the charter's."""

    heads: tuple[Head, ...] = ()
    quorum: int = 1
    named: int = 0

    @classmethod
    def of(cls, project: Project, cosigned: Iterable[CosignedSize]) -> Witnessed:
        """The cosignatures that count in this project, up to the end of its log."""
        if not project.of(CharterBody):
            return cls()
        by_size: dict[int, list[CosignedSize]] = {}
        for each in cosigned:
            if each.size <= project.size:
                by_size.setdefault(each.size, []).append(each)
        heads = (_head(project, size, by_size[size]) for size in sorted(by_size))
        witnesses = project.charter.witnesses
        return cls(
            tuple(head for head in heads if head.first),
            witnesses.quorum,
            len(set(speaking(project).values())),
        )

    # -- of one entry ---------------------------------------------------------------------

    def seen_by_quorum(self, index: int) -> int | None:
        """The time by which a quorum had seen the entry; None if none has."""
        times, needed = sorted(self._after(index).values()), max(self.quorum, self._two)
        return times[needed - 1] if len(times) >= needed else None

    def there_by(self, index: int) -> int | None:
        """The time by which two witnesses saw the entry; None if fewer did."""
        times = sorted(self._after(index).values())
        return times[self._two - 1] if len(times) >= self._two else None

    def lacking_at(self, index: int) -> int | None:
        """A time at which two witnesses saw the log without the entry; None if fewer did."""
        times = sorted(self._before(index).values(), reverse=True)
        return times[self._two - 1] if len(times) >= self._two else None

    # -- of the whole log -----------------------------------------------------------------

    @property
    def covered(self) -> Head | None:
        """The largest checkpoint that a quorum cosigned."""
        enough = [head for head in self.heads if len(head.first) >= self.quorum]
        return enough[-1] if enough else None

    def standing_at(self, head: Head) -> int:
        """The time until which a quorum saw this checkpoint as the log's newest."""
        return sorted(head.newest.values(), reverse=True)[self.quorum - 1]

    @property
    def confirmed(self) -> int | None:
        """The newest time that two witnesses confirm, on any checkpoint."""
        times = sorted(self._newest.values(), reverse=True)
        return times[self._two - 1] if len(times) >= self._two else None

    @property
    def confirmed_by_quorum(self) -> int | None:
        """The newest time that a quorum confirms, and two witnesses at least."""
        times, needed = sorted(self._newest.values(), reverse=True), max(self.quorum, self._two)
        return times[needed - 1] if len(times) >= needed else None

    @property
    def latest(self) -> int | None:
        """The newest time that any witness states."""
        return max(self._newest.values(), default=None)

    def wrong_clocks(self) -> dict[str, int]:
        """Witnesses whose times two others contradict, each with the largest difference in seconds.

        Positive: it saw a checkpoint later than two others saw a larger one. Negative: it saw one
        earlier than two others still saw a smaller one.
        """
        found: dict[str, int] = {}
        for head in self.heads:
            for witness in head.first:
                error = self._error(head, witness)
                if abs(error) > max(TIMES_APART_SECONDS, abs(found.get(witness, 0))):
                    found[witness] = error
        return found

    def _error(self, head: Head, witness: str) -> int:
        larger = _without(self._after(head.size), witness)
        smaller = _without(self._before(head.size - 1), witness)
        ahead = head.newest[witness] - sorted(larger)[1] if len(larger) > 1 else 0
        behind = head.first[witness] - sorted(smaller)[-2] if len(smaller) > 1 else 0
        return ahead if ahead > max(0, -behind) else min(behind, 0)

    # -- per witness ------------------------------------------------------------------------

    @property
    def _two(self) -> int:
        return min(2, max(1, self.named))

    @property
    def _newest(self) -> Times:
        return self._lower[-1]

    def _after(self, index: int) -> Times:
        """Each witness's first time on a checkpoint that has this entry."""
        return self._upper[bisect_right(self._sizes, index)]

    def _before(self, index: int) -> Times:
        """Each witness's newest time on a checkpoint that lacks this entry."""
        return self._lower[bisect_right(self._sizes, index)]

    @cached_property
    def _sizes(self) -> list[int]:
        return [head.size for head in self.heads]

    @cached_property
    def _upper(self) -> list[Times]:
        """At index n: the first times on the checkpoints from n on."""
        none: Times = {}
        firsts = (head.first for head in reversed(self.heads))
        return list(accumulate(firsts, _earliest, initial=none))[::-1]

    @cached_property
    def _lower(self) -> list[Times]:
        """At index n: the newest times on the checkpoints before n."""
        none: Times = {}
        return list(accumulate((head.newest for head in self.heads), _latest, initial=none))


def _head(project: Project, size: int, cosigned: list[CosignedSize]) -> Head:
    then = project.until(size)
    voices = speaking(then) if then.of(CharterBody) else {}
    first: Times = {}
    newest: Times = {}
    for each in cosigned:
        for name, at in each.times.items():
            times = {voices[name]: at} if name in voices else {}
            first, newest = _earliest(first, times), _latest(newest, times)
    return Head(size, first, newest)


def _earliest(one: Times, other: Times) -> Times:
    return {name: min(t[name] for t in (one, other) if name in t) for name in {**one, **other}}


def _latest(one: Times, other: Times) -> Times:
    return {name: max(t[name] for t in (one, other) if name in t) for name in {**one, **other}}


def _without(times: Times, witness: str) -> list[int]:
    return [at for name, at in times.items() if name != witness]
