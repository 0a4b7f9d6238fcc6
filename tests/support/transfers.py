"""Transfers of attributes in the republic: what the charter lets BPS share with Dinsos."""

from __future__ import annotations

from typing import Any

from policy.base.canonical import sha256
from policy.gates.transfers import transfer_case, transfer_gate
from policy.law.in_time import DAY_SECONDS
from policy.statements import TransferReceived, TransferRequest, TransferSent, TransferVote
from tests.support.republic import Republic, charter_tree, scoped

NAME, DOMAIN = "atribut-1", "dtks-regsosek"
PLAINTEXT, CIPHERTEXT = sha256(b"attributes"), sha256(b"sealed attributes")


def column(name: str, data_class: str = "umum", size: int = 16) -> dict[str, Any]:
    title = {"id": f"Kolom {name}", "en": f"Column {name}"}
    return {"name": name, "title": title, "data_class": data_class, "bytes": size}


def permit(**change: Any) -> dict[str, Any]:
    """BPS may send Dinsos two columns of Regsosek, and says what lifts their confidentiality."""
    given: dict[str, Any] = {
        "dataset": "regsosek",
        "recipient": "dinsos",
        "columns": [column("desil"), column("risiko_stunting", "spesifik")],
        "purpose": {"id": "Menyasar bantuan gizi", "en": "Aiming nutrition help"},
        "citations": [{"text": "Perpres 39/2019 tentang Satu Data Indonesia"}],
        "confidentiality": {"text": "PKS/BPS/CONTOH/003, persetujuan responden"},
    }
    return {**given, **change}


def sharing_tree(**change: Any) -> dict[str, Any]:
    tree = charter_tree()
    tree["parties"][0]["dpo"] = "bps-dpo"
    return scoped({**tree, "attributes": [permit()], **change})


def days(republic: Republic) -> int:
    return republic.project.charter.release.stage_valid_days * DAY_SECONDS


def released(**change: Any) -> Republic:
    """Where match IDs of the pair are released and opened."""
    return Republic(tree=sharing_tree(), **change).to("receipt")


def asked(republic: Republic, **change: Any) -> TransferRequest:
    fields: dict[str, Any] = {
        "at": republic.now,
        "transfer": NAME,
        "release": "rilis-1",
        "domain": DOMAIN,
        "dataset": "regsosek",
        "recipient": "dinsos",
        "columns": ("desil",),
        "expires": republic.now + days(republic),
    }
    return TransferRequest(**{**fields, **change})


def ask(republic: Republic, sender: str = "bps", **change: Any) -> str:
    body = asked(republic, **change)
    digest = republic.say(sender, body, run=body.transfer)
    republic.witness()
    return digest


def vote(
    republic: Republic, member: str, verdict: str = "approve", name: str = NAME, at: int = 0
) -> None:
    digest = republic.project.transfer(name).request.digest
    body = TransferVote(
        at=at or republic.now,
        transfer=name,
        request=digest,
        verdict="approve" if verdict == "approve" else "refuse",
    )
    republic.say(member, body, run=name, manifest=digest)
    republic.witness()


def sent(republic: Republic, **change: Any) -> TransferSent:
    record = republic.project.transfer(NAME)
    outcome = transfer_gate(transfer_case(republic.project, record.request, republic.now))
    fields: dict[str, Any] = {
        "at": republic.now,
        "transfer": NAME,
        "request": record.request.digest,
        "votes": tuple(each.digest for each in record.votes),
        "rules": outcome.rules(),
        "plaintext": PLAINTEXT,
        "ciphertext": CIPHERTEXT,
        "parts": 2,
        "expires": republic.now + days(republic),
    }
    return TransferSent(**{**fields, **change})


def send(republic: Republic, sender: str = "bps", **change: Any) -> str:
    digest = republic.say(sender, sent(republic, **change), run=NAME)
    republic.witness()
    return digest


def received(republic: Republic, **change: Any) -> TransferReceived:
    record = republic.project.transfer(NAME)
    fields: dict[str, Any] = {
        "at": republic.now,
        "transfer": NAME,
        "sent": record.sent.digest if record.sent else "0" * 64,
        "plaintext": PLAINTEXT,
        "ciphertext": CIPHERTEXT,
    }
    return TransferReceived(**{**fields, **change})


def to_votes(republic: Republic) -> Republic:
    ask(republic)
    vote(republic, "bps-approver")
    vote(republic, "bps-dpo")
    return republic


def to_receipt(republic: Republic) -> Republic:
    send(to_votes(republic))
    republic.say("dinsos", received(republic), run=NAME)
    republic.witness()
    return republic
