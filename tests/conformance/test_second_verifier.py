"""The second verifier, written from docs/reference/formats.md alone, says what the first says.

On the stored vectors, on bundles with flipped bytes, and on bundles signed again with keys of the
tests (`forge.py`), in which only the meaning is wrong. Where the two differ it says so below.
"""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policy.base.errors import BadInput
from policy.evidence import read_bundle, verify_bundle
from tests.conformance import second_verifier
from tests.conformance.forge import Forgery, Step, public, unzip, write

STORED = sorted((Path(__file__).parents[1] / "vectors/evidence").glob("*/*/"))
# Every change is made to the logs of the first and of the latest law.
LAWS = ("padan-law-1", "padan-law-3")
CLEAN = [path for path in STORED if path.name == "clean" and path.parent.name in LAWS]
(SHARED,) = (path for path in STORED if path.name == "shared")
ZERO = "0" * 64
Files = dict[str, bytes]
Change = Callable[[Forgery], Any]


def vector(path: Path) -> str:
    return f"{path.parent.name}-{path.name}"


def held(path: Path) -> tuple[str, str]:
    values = json.loads((path / "held.json").read_text())
    return values["roster_digest"], values["checkpoint"]


def first(path: Path, roster: str | None, checkpoint: str | None) -> int:
    try:
        return int(verify_bundle(read_bundle(path), roster, checkpoint).exit_code)
    except BadInput:
        return 7


def both(path: Path, roster: str | None, checkpoint: str | None) -> tuple[int, int]:
    second, reasons = second_verifier.verify(path, roster, checkpoint)
    assert bool(second) == bool(reasons)
    return second, first(path, roster, checkpoint)


@pytest.mark.parametrize("path", STORED, ids=vector)
def test_the_stored_vectors_are_judged_as_their_reports_say(path: Path) -> None:
    want = json.loads((path / "report.json").read_text())["exit_code"]
    assert second_verifier.verify(path / "evidence.zip", *held(path))[0] == want


@pytest.mark.parametrize("path", CLEAN, ids=vector)
def test_what_the_auditor_holds(path: Path) -> None:
    file, (roster, checkpoint) = path / "evidence.zip", held(path)
    lines = checkpoint.split("\n")
    other = checkpoint.replace(lines[2], base64.b64encode(bytes(32)).decode())
    assert both(file, roster, checkpoint) == (0, 0)
    assert both(file, None, checkpoint) == both(file, roster, None) == (9, 9)
    assert both(file, None, None) == (9, 9)
    assert both(file, ZERO, checkpoint) == both(file, ZERO, None) == (7, 7)
    assert both(file, roster, other) == both(file, roster, "x") == (7, 7)
    assert both(file, roster, "\n".join(lines[:5]) + "\n") == (0, 0)  # no witness is needed


# --- flipped bytes ---


def entries(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Files], Files]:
    def to(files: Files) -> Files:
        lines = change(files["entries.jsonl"].splitlines())
        return {**files, "entries.jsonl": b"\n".join(lines) + b"\n"}

    return to


def flip(field: str) -> Callable[[Files], Files]:
    def change(lines: list[bytes]) -> list[bytes]:
        envelope = json.loads(lines[6])
        where, name = (envelope["signatures"][0], "sig") if field == "sig" else (envelope, field)
        raw = bytearray(base64.b64decode(where[name]))
        raw[20] ^= 1
        where[name] = base64.b64encode(bytes(raw)).decode()
        return [*lines[:6], second_verifier.canonical(envelope), *lines[7:]]

    return entries(change)


def note(name: str, line: int, byte: int = -1) -> Callable[[Files], Files]:
    def to(files: Files) -> Files:
        lines = files[name].decode().split("\n")
        words = lines[line].split(" ")
        raw = bytearray(base64.b64decode(words[-1]))
        raw[byte] ^= 1
        lines[line] = " ".join([*words[:-1], base64.b64encode(bytes(raw)).decode()])
        return {**files, name: "\n".join(lines).encode()}

    return to


def fact(files: Files) -> Files:
    name = next(name for name in files if name.startswith("facts/"))
    return {**files, name: files[name].replace(b"500", b"501", 1)}


FORMAT = b'{"type":"padan/%s","version":%d}'
NINE, LAST = "cosigned/00000009.txt", "checkpoint.txt"
BYTES: dict[str, Callable[[Files], Files]] = {
    "an entry dropped": entries(lambda x: x[:5] + x[6:]),
    "the last entry dropped": entries(lambda x: x[:-1]),
    "two entries swapped": entries(lambda x: [*x[:5], x[6], x[5], *x[7:]]),
    "an entry doubled": entries(lambda x: [*x, x[-1]]),
    "an empty line": entries(lambda x: [*x, b""]),
    "not canonical": entries(lambda x: [*x[:6], x[6].replace(b":", b": ", 1), *x[7:]]),
    "a signature": flip("sig"),
    "a payload": flip("payload"),
    "the roster": lambda f: {**f, "roster.json": f["roster.json"] + b"\n"},
    "the newest root": note(LAST, 2),
    "the newest signature": note(LAST, 4),
    "a cosignature of the newest": note(LAST, 5),
    "a key id that nobody has": note(LAST, 5, 0),
    "a cosigned root": note(NINE, 2),
    "the signature of a cosigned note": note(NINE, 4),
    "a cosignature": note(NINE, 5),
    "the time of a cosignature": note(NINE, 5, 11),
    "a note with another root": lambda f: {**f, NINE: f["cosigned/00000015.txt"]},
    "a note that is none": lambda f: {**f, NINE: b"x"},
    "no cosigned note": lambda f: {n: d for n, d in f.items() if n != NINE},
    "no newest note": lambda f: {n: d for n, d in f.items() if n != LAST},
    "a fact": fact,
    "no facts": lambda f: {n: d for n, d in f.items() if not n.startswith("facts/")},
    "a stray file": lambda f: {**f, "readme.txt": b"x"},
    "another format": lambda f: {**f, "format.json": FORMAT % (b"evidence-bundle", 3)},
}
HARMLESS = {"a key id that nobody has", "no facts"}


@pytest.mark.parametrize("name", BYTES)
@pytest.mark.parametrize("path", CLEAN, ids=vector)
def test_both_see_what_was_changed(path: Path, name: str, tmp_path: Path) -> None:
    files = BYTES[name](unzip(path / "evidence.zip"))
    want = 0 if name in HARMLESS else 7
    assert both(write(files, tmp_path / "evidence.zip"), *held(path)) == (want, want)


# --- signed again ---


def put(kind: str, nth: int = 0, **fields: Any) -> Change:
    return lambda f: f.find(kind, nth).body.update(fields)


def bind(kind: str, **fields: Any) -> Change:
    return lambda f: f.find(kind).bind.update(fields)


def by(kind: str, who: str) -> Change:
    def change(f: Forgery) -> None:
        f.find(kind).signers = [who]
        f.find(kind).bind["from"] = who

    return change


def drop(kind: str, nth: int = 0) -> Change:
    return lambda f: f.steps.remove(f.find(kind, nth))


def again(kind: str) -> Change:
    def change(f: Forgery) -> None:
        step = f.find(kind)
        later = step.body["at"] + 1
        f.steps.insert(f.index(kind) + 1, step.copy(at=later))

    return change


def add(kind: str, who: str, body: Callable[[Forgery], Any], run: str = "") -> Change:
    def change(f: Forgery) -> None:
        place = {"type": f"padan/{kind}", "from": who, "run": run}
        f.steps.append(Step({"at": f.at, **body(f)}, {**f.find("order").bind, **place}, [who]))

    return change


def rerun(counts: str, result: str | None = None) -> Change:
    def body(f: Forgery) -> Any:
        run = f.find("run")
        return {"finished": run.was, "result": result or run.body["result"], "counts": counts}

    return add("rerun", "auditor", body, "run-1")


def rule(name: str) -> Change:
    """Refused for one rule, and so without receipts."""

    def change(f: Forgery) -> None:
        body = f.find("decision").body
        body["verdict"] = "refused"
        next(r for r in body["rules"] if r["rule"] == name)["passed"] = False
        f.steps = [s for s in f.steps if s.kind != "receipt"]

    return change


def every(*changes: Change) -> Change:
    return lambda f: [change(f) for change in changes]


def count(matched: int, *, stage: bool = True) -> Change:
    def set_to(facts: Any) -> None:
        facts["domains"]["semua"]["datasets"]["dtks"]["matched"] = matched

    def change(f: Forgery) -> None:
        f.set_facts(f.find("run"), set_to)
        if stage:
            f.set_facts(f.find("stage"), set_to)

    return change


def member(who: str, **fields: Any) -> Change:
    def change(f: Forgery) -> None:
        next(m for m in f.steps[0].body["members"] if m["id"] == who).update(fields)

    return change


def seen(seconds: int, since: int) -> Change:
    def change(f: Forgery) -> None:
        sizes = range(since, len(f.steps) + 1)
        f.times.update({(w, s): f.at + seconds for w in f.witnesses() for s in sizes})

    return change


def next_roster(signers: list[str], version: int = 2) -> Change:
    def change(f: Forgery) -> None:
        new = f.steps[0].copy(version=version, previous=f.steps[0].body_was)
        new.body_was, new.signers = "e" * 64, signers
        f.steps.insert(5, new)
        for step in f.steps[6:]:
            step.bind["roster"] = new.body_was

    return change


def later(kind: str, nth: int, name: str, seconds: int) -> Change:
    """A field with a time so many seconds after that of all statements."""
    return lambda f: f.find(kind, nth).body.update({name: f.at + seconds})


MEANT: dict[str, tuple[int, Change]] = {
    "nothing": (0, lambda f: None),
    "no epoch": (7, drop("epoch")),
    "no commit": (7, drop("commit")),
    "no reveal": (7, drop("reveal")),
    "no confirm": (7, drop("confirm")),
    "no intake": (7, drop("intake")),
    "no budget": (7, drop("budget")),
    "no stage": (7, drop("stage")),
    "no receipt": (0, drop("receipt", 4)),
    "two orders of one name": (7, again("order")),
    "two runs of one name": (7, again("run")),
    "two stages": (7, again("stage")),
    "two votes of one": (7, again("approval")),
    "two decisions": (7, again("decision")),
    "two receipts of a file": (7, again("receipt")),
    "an epoch by another": (7, by("epoch", "bps")),
    "a bundle by another": (7, by("bundle", "dinsos")),
    "a vote by an officer of no party": (7, by("approval", "service-dpo")),
    "a vote by a party": (7, by("approval", "dppapp")),
    "bound to another charter": (7, bind("run", charter=ZERO)),
    "bound to another stage": (7, bind("approval", manifest=ZERO)),
    "a field more": (7, put("epoch", more="x")),
    "other test records": (7, put("confirm", records_mac=ZERO)),
    "other rows than committed": (7, put("bundle", count=7)),
    "other terms": (7, put("bundle", terms=ZERO)),
    "run with other thresholds": (7, put("run", thresholds_ppm={"utama": 1})),
    "staged another result": (7, put("stage", result=ZERO)),
    "a file too few": (7, lambda f: f.find("stage").body["files"].pop()),
    "a file that tells more": (
        7,
        lambda f: f.find("stage").body["files"][1].update(form="membership"),
    ),
    "a vote left out": (7, lambda f: f.find("decision").body["approvals"].pop()),
    "a vote that is no": (7, put("approval", verdict="refuse")),
    "refused for a no": (
        0,
        every(put("approval", verdict="refuse"), rule("release.approvals")),
    ),
    "refused for nothing": (7, rule("release.approvals")),
    "a vote expired": (7, later("approval", 0, "expires", -1)),
    "a vote that outlasts its stage": (7, later("approval", 0, "expires", 86400 * 30)),
    "a verdict unlike its rules": (7, put("decision", verdict="refused")),
    "a rule left out": (7, lambda f: f.find("decision").body["rules"].pop()),
    "rules in another order": (7, lambda f: f.find("decision").body["rules"].reverse()),
    "a small cell": (7, count(9)),
    "a cell just large enough": (0, count(10)),
    "refused for a small cell": (0, every(count(9), rule("release.minimum-cell"))),
    "staged other counts": (7, count(400, stage=False)),
    "canaries missing": (7, put("receipt", canaries="missing")),
    "another file came": (7, put("receipt", ciphertext=ZERO)),
    "a rerun": (0, rerun("as-logged")),
    "a rerun without opened counts": (0, rerun("not-opened")),
    "a rerun with another result": (7, rerun("as-logged", ZERO)),
    "a rerun with other counts": (7, rerun("different")),
    "a step not covered": (7, lambda f: f.unseen.add(26)),
    "a party that saw no commits": (7, lambda f: f.absent.update({("bps", n) for n in (9, 10)})),
    "two witnesses absent": (
        7,
        lambda f: f.absent.update({(w, s) for w in ("bps", "dinsos") for s in range(1, 40)}),
    ),
    "dated too late": (7, later("receipt", 4, "at", 601)),
    "dated just not too late": (0, later("receipt", 4, "at", 600)),
    "dated too early": (7, later("receipt", 4, "at", -601)),
    "dated just not too early": (0, later("receipt", 4, "at", -600)),
    "seen before it was said": (7, seen(-1000, 20)),
    "lacking when it was said": (7, seen(700, 20)),
    "a key of another": (7, member("dinsos", signing_key=public("another"))),
    "a key not valid yet": (7, member("dinsos", valid_from="2127-01-01")),
    "an approver's key ended": (7, member("bps-approver", valid_until="2026-11-28")),
    "one agency signs the roster": (7, member("walidata", agency="bps")),
    "one signature on the roster": (7, lambda f: setattr(f.steps[0], "signers", ["bps"])),
}
SECOND_LAW: dict[str, tuple[int, Change]] = {
    "the next roster": (0, next_roster(["bps", "walidata"])),
    "the next roster, signed by one": (7, next_roster(["bps"])),
    "the next roster but one": (7, next_roster(["bps", "walidata"], 3)),
    "a witness of the service's agency": (
        7,
        every(
            member("auditor", agency="layanan"),
            lambda f: f.absent.update({("bps", size) for size in range(11, 40)}),
        ),
    ),
}


def stratum(**fields: Any) -> Change:
    return lambda f: f.find("reviewed").body["strata"][0].update(fields)


def wide(f: Forgery) -> None:
    """A second stratum in a domain that has the same source."""
    strata = f.find("reviewed").body["strata"]
    strata.append({**strata[0], "domain": "semua"})


THIRD_LAW: dict[str, tuple[int, Change]] = {
    "nothing": (0, lambda f: None),
    "no vote": (7, drop("transfer-vote")),
    "no officer": (7, drop("transfer-vote", 1)),
    "no receipt": (0, drop("transfer-receipt")),
    "a vote of another agency": (7, by("transfer-vote", "dinsos-approver")),
    "a vote against": (7, put("transfer-vote", verdict="refuse")),
    "another voter for another request": (7, bind("transfer-vote", manifest=ZERO)),
    "columns that are not agreed": (7, put("transfer", columns=["nama"])),
    "a column twice": (7, put("transfer", columns=["desil", "desil"])),
    "a domain of three lists": (7, put("transfer", domain="semua")),
    "asked by a third party": (7, by("transfer", "dppapp")),
    "sent by the recipient": (7, by("transfer-sent", "dinsos")),
    "sent twice": (7, again("transfer-sent")),
    "received by another": (7, by("transfer-receipt", "bps")),
    "received what was not sent": (7, put("transfer-receipt", ciphertext=ZERO)),
    "a failed rule": (
        7,
        lambda f: f.find("transfer-sent").body["rules"][-1].update(passed=False),
    ),
    "too many parts": (7, put("transfer-sent", parts=100_001)),
    "more time": (7, later("transfer-sent", 0, "expires", 86400 * 300)),
    "counts without approval": (7, drop("review-approval")),
    "counts approved by another agency": (7, by("review-approval", "bps-approver")),
    "other counts than approved": (7, put("review-approval", figures=ZERO)),
    "counts of another's list": (7, by("reviewed", "bps")),
    "counts said twice": (7, again("reviewed")),
    "a small count": (7, stratum(same=89, other=1)),
    "counts that do not add up": (7, stratum(same=80)),
    "one count hidden": (7, stratum(other=None)),
    "a domain that is not opened": (7, stratum(domain="lain")),
    "two domains with one source": (7, wide),
    "an unwitnessed approval": (7, lambda f: f.unseen.update({len(f.steps) - 1})),
}
# The page says less than the first verifier checks: (second, first) = (0, 7).
MORE_IN_THE_FIRST: dict[str, Change] = {
    "a gate rule that the log answers": rule("run.privacy"),
    "other columns than the charter's": put("bundle", row_bytes=7),
    "an order outside of the charter": put("order", purpose="lain"),
    "facts of an unknown form": lambda f: f.set_facts(f.find("run"), lambda x: x.update(more=1)),
    "a left-out default that must be there": (
        lambda f: f.find("bundle").body["encodings"][0].pop("tag_bits")
    ),
}
# The page says more than the first law asks: (second, first) = (7, 0). The second law asks it.
LESS_IN_THE_FIRST: dict[str, Change] = {
    "`to` is not empty": bind("epoch", to="bps"),
    "`run` is not empty": bind("epoch", run="other"),
    "`run` is not the release's name": bind("stage", run="other"),
}


def is_first(path: Path) -> bool:
    return path.parent.name == "padan-law-1"


def forged(path: Path, change: Change, to: Path) -> tuple[Path, str, str]:
    forgery = Forgery.of(path / "evidence.zip")
    change(forgery)
    files, roster = forgery.files()
    return write(files, to / "evidence.zip"), roster, files["checkpoint.txt"].decode()


@pytest.mark.parametrize("name", MEANT)
@pytest.mark.parametrize("path", CLEAN, ids=vector)
def test_both_see_what_was_meant(path: Path, name: str, tmp_path: Path) -> None:
    want, change = MEANT[name]
    assert both(*forged(path, change, tmp_path)) == (want, want)


@pytest.mark.parametrize("name", SECOND_LAW)
@pytest.mark.parametrize("path", [each for each in CLEAN if not is_first(each)], ids=vector)
def test_both_know_the_second_law(path: Path, name: str, tmp_path: Path) -> None:
    want, change = SECOND_LAW[name]
    assert both(*forged(path, change, tmp_path)) == (want, want)


@pytest.mark.parametrize("name", THIRD_LAW)
def test_both_know_the_third_law(name: str, tmp_path: Path) -> None:
    want, change = THIRD_LAW[name]
    assert both(*forged(SHARED, change, tmp_path)) == (want, want)


@pytest.mark.parametrize("name", [name for name in SECOND_LAW if "roster" in name])
def test_the_first_law_knows_no_next_roster(name: str, tmp_path: Path) -> None:
    [first] = filter(is_first, CLEAN)
    assert both(*forged(first, SECOND_LAW[name][1], tmp_path)) == (7, 7)


@pytest.mark.parametrize("path", CLEAN, ids=vector)
def test_where_they_differ(path: Path, tmp_path: Path) -> None:
    for name, change in MORE_IN_THE_FIRST.items():
        assert both(*forged(path, change, tmp_path)) == (0, 7), name
    seen = 0 if is_first(path) else 7
    for name, change in LESS_IN_THE_FIRST.items():
        assert both(*forged(path, change, tmp_path)) == (7, seen), name
    files = unzip(path / "evidence.zip")
    for more in (
        {"cosigned/00000099.txt": files[NINE]},  # the name is not the size
        {"format.json": FORMAT % (b"other", 2)},
    ):
        assert both(write({**files, **more}, tmp_path / "e.zip"), *held(path)) == (7, 7), more


# --- negative control: each check is needed ---


def no_judging(*_: object) -> list[tuple[str, bool]]:
    return []


CONTROLS: dict[str, tuple[object, str, object, str]] = {
    "signatures": (second_verifier, "signed", lambda *_: True, "a key of another"),
    "binding": (second_verifier.Log, "check_binding", lambda *_: None, "bound to another stage"),
    "entitlement": (second_verifier.Log, "may", lambda *_: True, "an epoch by another"),
    "time": (second_verifier.Log, "check_time", lambda *_: None, "dated too late"),
    "facts": (second_verifier.Log, "check_facts", lambda *_: None, "bytes: a fact"),
    "rules": (second_verifier.Log, "judge", no_judging, "a vote that is no"),
    "once": (second_verifier, "ONCE", {}, "two receipts of a file"),
}


@pytest.mark.parametrize("name", CONTROLS)
def test_without_one_of_its_checks_they_would_differ(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, what, instead, mutation = CONTROLS[name]
    path = CLEAN[0]
    if mutation.startswith("bytes: "):
        files = BYTES[mutation.removeprefix("bytes: ")](unzip(path / "evidence.zip"))
        case = (write(files, tmp_path / "evidence.zip"), *held(path))
    else:
        case = forged(path, MEANT[mutation][1], tmp_path)
    before = len(second_verifier.verify(*case)[1])
    assert both(*case) == (7, 7)
    monkeypatch.setattr(where, what, instead)
    code, reasons = second_verifier.verify(*case)
    assert len(reasons) < before
    assert code == 0
