"""No sequence of calls releases what the rules forbid: a state machine over a project's life.

Everybody tries anything at any time, in any order, with parameters good and bad; the law lets
through what it lets through. What was released is then judged here from plain bookkeeping, not
by the rules: who asked, who signed, how many matched, what changed since.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from policy.base.canonical import sha256
from policy.base.errors import PadanError
from policy.gates.cases import release_case
from policy.gates.decision import release_gate
from policy.gates.facts import (
    CellFacts,
    DifferenceFacts,
    DomainFacts,
    MembershipFacts,
    OpenedFacts,
    ReleaseFacts,
    RunFacts,
)
from policy.gates.rules.output_files import expected_files
from policy.statements import (
    Approval,
    ApprovalWithdrawn,
    CharterBody,
    Decided,
    ReleaseRequest,
    RunFinished,
    RunOrder,
    Staged,
    StagedFile,
    Withdrawn,
)
from tests.support.republic import MEMBERS, PARTIES, Republic, charter_from, charter_tree
from tests.support.thorough import how_many

K = 10
APPROVALS = 2
RUNS, RELEASES = 3, 3
PEOPLE = ("bps-approver", "dinsos-approver", "dppapp-approver", "dpo", "walidata", "bps", "service")
NAMES = st.sampled_from(["satu", "dua", "tiga"])
PARTY = st.sampled_from(PARTIES)


def agency(member: str) -> str:
    return MEMBERS[member][0]


def tree() -> dict[str, Any]:
    found = charter_tree()
    found["budget"] = {"runs": RUNS, "releases": RELEASES, "across_charters": 5}
    found["domains"] = found["domains"][1:]
    return found


@cache
def begun() -> Republic:
    """A project whose bundles are in; what comes before has tests of its own."""
    republic = Republic(tree=tree()).to("bundle")
    republic.witness()
    return republic


class Life(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        base = begun()
        self.republic = Republic(tree=tree(), keys=base.keys, now=base.now)
        self.republic.facts = OpenedFacts.fresh(RunFacts(run="", candidates=0, domains={}))
        base.facts = self.republic.facts
        self.republic.adopt(base)
        self.matched: dict[str, int] = {}
        self.small: dict[str, bool] = {}
        self.told: dict[str, ReleaseFacts] = {}
        self.minimum = {1: K}
        self.elsewhere: dict[str, int] = {}
        self.words: dict[str, dict[str, str]] = defaultdict(dict)
        self.gone_at: list[int] = []
        self.version = 1

    def attempt(self, sender: str, body: Any, **binding: str) -> str | None:
        """The statement's digest, or None where the law forbids it."""
        try:
            return self.republic.say(sender, body, **binding)
        except PadanError:
            return None

    @property
    def project(self) -> Any:
        return self.republic.project

    @rule(name=NAMES, steps=st.integers(1, 6))
    def go_on(self, name: str, steps: int) -> None:
        """The next steps of an honest programme, so that the others meet late states too."""
        for _ in range(steps):
            self.honest_step(name)

    def honest_step(self, name: str) -> None:
        if not self.project.run(name).is_ordered:
            self.order(name, "dinsos", 860_000)
            self.count(name, 0)
        elif self.project.run(name).finished is None:
            self.witness({*PARTIES})
            self.run(name, 500, None)
        elif not self.project.release(name).is_requested:
            self.request(name, name, "dinsos")
        elif self.project.release(name).stage is None:
            self.stage(name, False, 0, False)
        else:
            self.witness({*PARTIES})
            for person in ("bps-approver", "dppapp-approver"):
                self.approve(name, person, True)
            self.decide(name, False)

    # -- what anybody may try ---------------------------------------------------------------

    @rule(members=st.sets(st.sampled_from([*PARTIES, "auditor"]), min_size=2))
    def witness(self, members: set[str]) -> None:
        self.republic.witness(*sorted(members))

    @rule(
        name=NAMES,
        party=st.sampled_from([*PARTIES, "auditor"]),
        ppm=st.sampled_from([860_000, 900_000, 850_000]),
    )
    def order(self, name: str, party: str, ppm: int) -> None:
        body = self.republic.run_order(thresholds_ppm={"utama": ppm})
        self.attempt(party, body, run=name)

    @rule(name=NAMES, elsewhere=st.integers(0, 4))
    def count(self, name: str, elsewhere: int) -> None:
        if not self.project.run(name).is_ordered:
            return
        order = self.project.run(name).order
        said = self.attempt("service", self.republic.counted(order.digest, elsewhere), run=name)
        if said is not None:
            self.elsewhere[name] = elsewhere

    @rule(
        name=NAMES,
        matched=st.sampled_from([0, 3, 9, 10, 500, 995]),
        ppm=st.sampled_from([None, 800_000]),
    )
    def run(self, name: str, matched: int, ppm: int | None) -> None:
        if not self.project.run(name).is_ordered:
            return
        order = self.project.run(name).order
        ordered = order.body
        opened = OpenedFacts.fresh(
            RunFacts(run=name, candidates=1, domains={"semua": self.domain(matched)})
        )
        body = RunFinished(
            at=self.republic.now,
            order=order.digest,
            bundles={d: e.digest for d, e in self.project.bundles().items()},
            thresholds_ppm={"utama": ppm} if ppm else ordered.thresholds_ppm,
            nik_floor_ppm=ordered.nik_floor_ppm,
            result=sha256(b"result"),
            facts=opened.commitment(),
        )
        if self.attempt("service", body, run=name) is not None:
            self.matched[name] = matched
            self.republic.opened.append(opened)

    def domain(self, matched: int) -> DomainFacts:
        counted = MembershipFacts(matched=matched, unmatched=1000 - matched)
        datasets = self.republic.charter.domain("semua").datasets
        return DomainFacts(groups=matched, datasets=dict.fromkeys(datasets, counted))

    @rule(release=NAMES, run=NAMES, party=st.sampled_from([*PARTIES, "bps-approver"]))
    def request(self, release: str, run: str, party: str) -> None:
        body = ReleaseRequest(at=self.republic.now, release=release, domains=("semua",))
        self.attempt(party, body, run=run)

    @rule(
        release=NAMES,
        small_cell=st.booleans(),
        changed=st.sampled_from([0, 0, 4, 40]),
        forms=st.booleans(),
    )
    def stage(self, release: str, small_cell: bool, changed: int, forms: bool) -> None:
        asked = self.project.release(release)
        if not asked.is_requested or asked.run.finished is None:
            return
        request, run = asked.request, asked.run.finished
        finished = run.body
        facts = self.facts(release, finished, small_cell, changed)
        opened = OpenedFacts.fresh(facts)
        body = Staged(
            at=self.republic.now,
            release=release,
            request=request.digest,
            run=run.digest,
            result=finished.result,
            facts=opened.commitment(),
            files=self.files(honest=not forms),
            expires=self.republic.now + 3600,
        )
        if self.attempt("service", body, run=release) is not None:
            self.told[release] = facts
            self.republic.opened.append(opened)

    def facts(
        self, release: str, finished: RunFinished, small_cell: bool, changed: int
    ) -> ReleaseFacts:
        name = next(
            e.statement.binding.run
            for e in self.project.of(RunFinished)
            if e.body.facts == finished.facts
        )
        rows = 5 if small_cell else 300
        cell = CellFacts(recipient=("dinsos",), dataset="dtks", pattern=("semua:1",), rows=rows)
        change = DifferenceFacts(
            recipient=("dinsos",),
            dataset="dtks",
            domain="semua",
            earlier="x",
            gained=changed,
            lost=0,
            added_matched=0,
            added_unmatched=0,
        )
        return ReleaseFacts(
            release=release,
            run=finished.facts,
            domains={"semua": self.domain(self.matched[name])},
            cells=(cell,),
            differences=(change,) if changed else (),
        )

    def files(self, honest: bool) -> tuple[StagedFile, ...]:
        return tuple(
            StagedFile(
                recipient=each.recipient,
                dataset=each.dataset,
                domain=each.domain,
                form=each.form if honest else "membership",  # type: ignore[arg-type]
                plaintext=sha256(each.dataset.encode()),
                ciphertext=sha256(each.dataset.encode()),
            )
            for each in expected_files(self.republic.charter, ("semua",))
        )

    @rule(release=NAMES, person=st.sampled_from(PEOPLE), yes=st.sampled_from([True, True, False]))
    def approve(self, release: str, person: str, yes: bool) -> None:
        stage = self.project.release(release).stage
        if stage is None:
            return
        body = Approval(
            at=self.republic.now,
            release=release,
            stage=stage.digest,
            facts=stage.body.facts,
            verdict="approve" if yes else "refuse",
            expires=self.republic.now + 1800,
        )
        if self.attempt(person, body, run=release, manifest=stage.digest) is not None:
            self.words[release][person] = body.verdict

    @rule(release=NAMES, person=st.sampled_from(PEOPLE))
    def take_back(self, release: str, person: str) -> None:
        mine = [e for e in self.project.named(Approval, release) if e.statement.sender == person]
        if not mine:
            return
        body = ApprovalWithdrawn(at=self.republic.now, release=release, approval=mine[-1].digest)
        if self.attempt(person, body, run=release, manifest=mine[-1].digest) is not None:
            del self.words[release][person]

    @rule(count=st.integers(1, 3))
    def withdraw_rows(self, count: int) -> None:
        body = Withdrawn(at=self.republic.now, dataset="dtks", handles=sha256(b"h"), count=count)
        if self.attempt("dinsos", body) is not None:
            self.gone_at.append(self.project.size)

    @rule(minimum=st.sampled_from([K, 20, 600]), signers=st.sets(PARTY, min_size=1))
    def amend(self, minimum: int, signers: set[str]) -> None:
        found = {**self.republic.tree, "version": self.project.charter.version + 1}
        found["release"] = {**found["release"], "minimum_cell": minimum}
        body = CharterBody.model_validate(charter_from(found).model_dump())
        for party in sorted(signers):
            self.attempt(party, body)
        if self.project.charter.version == body.version:
            self.minimum[body.version] = minimum

    @rule(release=NAMES, lie=st.sampled_from([False, False, True]))
    def decide(self, release: str, lie: bool) -> None:
        """The service decides as the rules say; where it lies, the words contradict each other."""
        stage = self.project.release(release).stage
        if stage is None:
            return
        facts = self.told[release]
        outcome = release_gate(release_case(self.project, release, facts, self.republic.now))
        body = Decided(
            at=self.republic.now,
            release=release,
            stage=stage.digest,
            approvals=tuple(e.digest for e in self.project.release(release).approvals),
            rules=outcome.rules(),
            verdict="released" if lie else outcome.verdict,
        )
        if self.attempt("service", body, run=release) is not None and body.verdict == "released":
            self.judge(release)

    # -- judged from plain bookkeeping -------------------------------------------------------

    def judge(self, release: str) -> None:
        """Called right after a release was let out."""
        request = self.project.release(release).request
        run = request.statement.binding.run
        facts, minimum = self.told[release], self.minimum[self.project.charter.version]
        asked_by = agency(request.statement.sender)
        yes = {who for who, word in self.words[release].items() if word == "approve"}
        assert "refuse" not in self.words[release].values()
        agencies = {agency(who) for who in yes if who != "dpo"}
        assert len(agencies - {asked_by}) >= APPROVALS
        assert minimum <= self.matched[run] <= 1000 - minimum
        assert all(cell.rows >= minimum for cell in facts.cells)
        assert all(each.gained in (0, *range(minimum, 1000)) for each in facts.differences)
        ordered = self.project.run(run).order.index
        assert not any(size > ordered for size in self.gone_at)
        assert self.elsewhere[run] + self.orders_until(ordered) <= 5
        staged = self.project.release(release).stage.index
        others = [e for e in self.project.of(Decided) if e.body.release != release]
        assert not any(e.index > staged and e.body.verdict == "released" for e in others)

    def orders_until(self, index: int) -> int:
        return sum(entry.index <= index for entry in self.project.of(RunOrder))

    @invariant()
    def budgets_hold(self) -> None:
        if hasattr(self, "republic"):
            assert len(self.project.of(RunOrder)) <= RUNS
            assert len(self.project.of(ReleaseRequest)) <= RELEASES

    @invariant()
    def what_ran_was_ordered_within_the_charter(self) -> None:
        if not hasattr(self, "republic"):
            return
        for entry in self.project.of(RunFinished):
            finished = entry.body
            assert min(finished.thresholds_ppm.values()) >= 860_000
            assert self.project.entry(finished.order).index < entry.index


def test_no_sequence_of_calls_releases_what_the_rules_forbid() -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=how_many(120, default=50),
            stateful_step_count=40,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_machine_can_release_at_all() -> None:
    """The control: the same calls in their order let a release out, and it is judged."""
    life = Life()
    life.begin()
    life.go_on("satu", 4)
    assert life.project.release("satu").decision is None
    life.go_on("satu", 1)
    decided = life.project.release("satu").decision
    assert decided.body.verdict == "released"
