"""What the commands `go` report: one line, or one JSON object, for each event."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from policy.base.words import Words
from policy.project.turn import Turn
from policy.terminal import console


class Events:
    """Reports events; what waits is told once, however often it is looked at."""

    def __init__(self, project: str) -> None:
        self._project = project
        # What `console.bring_up_to_date` told, if this machine's copy of the log was read.
        self.copied: dict[str, Any] = {}
        self._awaited: tuple[Turn, ...] | None = None
        self._asked: set[tuple[str, str]] = set()

    def done(self, step: str, about: str, words: Words, **more: Any) -> None:
        """A step was taken."""
        console.result(self._event("done", {"step": step, "about": about, **more}), words)

    def waiting(self, turns: Iterable[Turn]) -> None:
        """Others are awaited, or nobody is."""
        awaited = tuple(turns)
        if awaited == self._awaited:
            return
        self._awaited = awaited
        for turn in awaited:
            console.result(self._event("waiting", turn.as_json()), turn.words())
        if not awaited:
            console.result(
                self._event("complete", {}),
                Words("Tidak ada langkah yang kurang.", "No step is missing."),
            )

    def nothing(self, turns: Iterable[Turn]) -> None:
        """Nothing waits for this person; others may be awaited."""
        awaited = tuple(turns)
        if awaited == self._awaited:
            return
        self._awaited = awaited
        waits = " ".join(each.words().id for each in awaited)
        waits_en = " ".join(each.words().en for each in awaited)
        console.result(
            self._event("nothing", {"awaited": [each.as_json() for each in awaited]}),
            Words(
                f"Tidak ada yang menunggu keputusan Anda. {waits}".rstrip(),
                f"Nothing waits for your decision. {waits_en}".rstrip(),
            ),
        )

    def asks(self, step: str, about: str, words: Words, commands: Iterable[str]) -> None:
        """A decision waits for this person, who can take it with these commands."""
        if not self.is_new(step, about):
            return
        self._asked.add((step, about))
        listed = tuple(commands)
        lines = "".join(f"\n  {each}" for each in listed)
        told = {"step": step, "about": about, "commands": list(listed)}
        console.result(self._event("asks", told), Words(words.id + lines, words.en + lines))

    def is_new(self, step: str, about: str) -> bool:
        """Whether this decision was not asked for yet."""
        return (step, about) not in self._asked

    def _event(self, name: str, told: dict[str, Any]) -> dict[str, Any]:
        return {"event": name, "project": self._project, **told, **self.copied}
