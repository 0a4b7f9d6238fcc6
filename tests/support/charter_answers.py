"""Answers about a small linkage of two agencies, with its papers as files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

PAPERS = {"cooperation": "agreement.txt", "processing": "order.txt", "assessment": "dpia.txt"}


def answers_tree(people: tuple[int, int] = (400, 800)) -> dict[str, Any]:
    today = datetime.now(UTC).date()
    return {
        "type": "padan/charter-answers",
        "version": 1,
        "project": "gizi-2026",
        "title": {"id": "Bantuan gizi", "en": "Nutrition help"},
        "purpose": {"id": "Menyalurkan bantuan gizi", "en": "Giving nutrition help"},
        "laws": ["Perpres 39/2019 tentang Satu Data Indonesia"],
        "region": "31",
        "starts": today.isoformat(),
        "ends": (today + timedelta(days=300)).isoformat(),
        "agencies": [
            {"id": "dinsos", "name": "Dinas Sosial", "contact": "ppid@dinsos.example"},
            {"id": "bps", "name": "BPS", "contact": "ppid@bps.example", "publishes": True},
        ],
        "third": {"id": "kominfo", "name": "Dinas Kominfo", "contact": "walidata@kominfo.example"},
        "operator": {"id": "layanan", "name": "Pusat Data", "place": "Jakarta"},
        "lists": [
            {"id": "dtks", "agency": "dinsos", "title": "Keluarga", "people": people[0]},
            {"id": "regsosek", "agency": "bps", "title": "Registrasi", "people": people[1]},
        ],
        "learns": [{"list": "dtks", "about": ["regsosek"]}],
        "papers": {
            name: {"number": f"{name}/2026/1", "file": file} for name, file in PAPERS.items()
        },
        "archive_code": "PS.01",
    }


def write_answers(folder: Path, tree: dict[str, Any]) -> Path:
    for file in PAPERS.values():
        (folder / file).write_text(f"{file}: signed\n")
    path = folder / "answers.yaml"
    path.write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path
