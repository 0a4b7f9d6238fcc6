"""A small city whose charter grades matches, opened by the owner of DTKS."""

from __future__ import annotations

from tests.support.programme import PROJECT, RUN, Programme

RELEASE, DOMAIN = "rilis-1", "dtks-regsosek"
PERSONS = 600
# Nearly half of the pairs without a NIK are to be checked.
CERTAIN_PPM = {
    "kk": 930_000,
    "kk-nama": 930_000,
    "lahir": 930_000,
    "alamat": 930_000,
    "ibu": 930_000,
    "nik-depan": 930_000,
}


def open_city(programme: Programme) -> None:
    """From identities to an opened release with grades."""
    tree = programme.tree_of_any_size()
    tree["release"] |= {"grades": True, "minimum_cell": 5}
    matching = tree["matching"]
    matching["review_ppm"] = dict(matching["thresholds_ppm"])
    matching["thresholds_ppm"] = CERTAIN_PPM
    matching["alone_ppm"] = {
        name: max(ppm, CERTAIN_PPM[name]) for name, ppm in matching["alone_ppm"].items()
    }
    confirmed = matching["contrary"]["confirmed_ppm"]
    matching["contrary"]["confirmed_ppm"] = {
        name: max(ppm, CERTAIN_PPM[name]) for name, ppm in confirmed.items()
    }
    programme.reach("matched", tree)
    with programme.serving():
        programme.release(RELEASE, RUN, "bps-approver", "dppapp-approver", domains=(DOMAIN,))
        programme.witness()
        programme.run("dinsos", "padan-encoder", "open", PROJECT, RELEASE)
        programme.witness()
