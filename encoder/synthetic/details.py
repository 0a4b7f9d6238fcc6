"""All residents as they really are, for benchmarks that judge by stratum."""

from __future__ import annotations

from encoder.synthetic.population import Person, is_placeholder

PEOPLE = (
    "person",
    "name",
    "words",
    "muhammad",
    "siti",
    "born",
    "placeholder",
    "sex",
    "household",
    "relation",
    "region",
    "kelurahan",
    "nik_region",
    "undocumented",
    "homeless",
    "deceased",
)


def person_row(person: Person) -> tuple[object, ...]:
    """One line of people.csv: flags are 0 or 1, regions are Kemendagri codes."""
    words = person.name.split()
    return (
        person.number,
        person.name,
        len(words),
        int(words[0] in ("MUHAMMAD", "M")),
        int(words[0] == "SITI"),
        person.birth.isoformat(),
        int(is_placeholder(person.birth)),
        "M" if person.male else "F",
        person.household,
        person.relation,
        person.region,
        person.kelurahan,
        person.nik[:4],
        int(not person.nik),
        int(person.homeless),
        int(person.deceased),
    )
