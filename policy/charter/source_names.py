"""The names by which people know the sources of a charter, for lists and reports."""

from __future__ import annotations

from policy.base.words import Words
from policy.charter.agreement import Charter

# The names of national and Jakarta sources are the same in both languages.
_KNOWN_AS = {
    "regsosek": "Regsosek",
    "dtsen": "DTSEN",
    "dtks": "DTKS",
    "ppks": "PPKS",
    "carik": "Carik",
    "p3ke": "P3KE",
    "dukcapil": "Dukcapil",
}


def source_title(charter: Charter, dataset: str) -> Words:
    """The name by which people know a source, such as Regsosek; else the title of the dataset."""
    mine = charter.dataset(dataset)
    known = _KNOWN_AS.get(mine.source)
    if known is None or sum(each.source == mine.source for each in charter.datasets) > 1:
        return mine.title.words()
    return Words(known, known)


def source_titles(charter: Charter, datasets: tuple[str, ...]) -> Words:
    """Several sources in one line."""
    titles = [source_title(charter, each) for each in datasets]
    return Words(", ".join(t.id for t in titles), ", ".join(t.en for t in titles))


def domain_title(charter: Charter, domain: str) -> Words:
    """An ID domain by the sources that it connects; a domain that is no more keeps its name."""
    found = [each for each in charter.domains if each.id == domain]
    return source_titles(charter, found[0].datasets) if found else Words(domain, domain)
