"""Which encoded records are the same person? Arrays in, groups out, no I/O.

Start at `plan_tiles`, run `match_tile` for every tile and `match_tokens` for every
two datasets, in any order and on any machine, and give all results to `link`:

    tiles = plan_tiles([dataset.rows for dataset in datasets], tile_rows=20_000)
    found = [match_tile(datasets[t.left_dataset], datasets[t.right_dataset], t, thresholds)
             for t in tiles]
    groups = link(datasets, found)
    digest = result_digest(groups, handles)

This search is exact. `plan_blocks` and `plan_tables` give units of a search that leaves pairs
out, by block tags or by sampled bits; `match_unit` runs any unit. The result is the same on
every machine.
"""

from __future__ import annotations

from linkage_service.matching.blocks import Blocks, blocks_of
from linkage_service.matching.calibration import calibrate
from linkage_service.matching.calibration_facts import Calibration, floored
from linkage_service.matching.candidates import (
    Candidates,
    concatenate,
    from_bytes,
    no_candidates,
)
from linkage_service.matching.corroboration import corroborated, with_band
from linkage_service.matching.coverage import SearchCoverage, found_among, sampled_pairs
from linkage_service.matching.encodings import EncodedDataset, pack_words
from linkage_service.matching.evidence import pair_evidence
from linkage_service.matching.grades import more_than
from linkage_service.matching.household import household_first
from linkage_service.matching.incremental import (
    HandleKeys,
    Moves,
    carry_over,
    handle_keys,
    moved,
)
from linkage_service.matching.judging import judge
from linkage_service.matching.limit import gather_best
from linkage_service.matching.link import gather, link, solve_domain
from linkage_service.matching.nik import match_tokens
from linkage_service.matching.result import RowHandles, result_digest
from linkage_service.matching.sampling import Sampling, derived
from linkage_service.matching.similarity import dice_pairs
from linkage_service.matching.solver import Groups, connect, greedy_solve
from linkage_service.matching.tiles import Tile, match_tile, plan_tiles
from linkage_service.matching.units import (
    BlockTile,
    Samplings,
    TableTile,
    Unit,
    match_unit,
    plan_blocks,
    plan_tables,
)
from linkage_service.matching.within import (
    duplicates_within,
    match_tokens_within,
    match_within,
    plan_within,
)
from policy.pairs import ContraryEvidence, MatchRule

__all__ = [
    "BlockTile",
    "Blocks",
    "Calibration",
    "Candidates",
    "ContraryEvidence",
    "EncodedDataset",
    "Groups",
    "HandleKeys",
    "MatchRule",
    "Moves",
    "RowHandles",
    "Sampling",
    "Samplings",
    "SearchCoverage",
    "TableTile",
    "Tile",
    "Unit",
    "blocks_of",
    "calibrate",
    "carry_over",
    "concatenate",
    "connect",
    "corroborated",
    "derived",
    "dice_pairs",
    "duplicates_within",
    "floored",
    "found_among",
    "from_bytes",
    "gather",
    "gather_best",
    "greedy_solve",
    "handle_keys",
    "household_first",
    "judge",
    "link",
    "match_tile",
    "match_tokens",
    "match_tokens_within",
    "match_unit",
    "match_within",
    "more_than",
    "moved",
    "no_candidates",
    "pack_words",
    "pair_evidence",
    "plan_blocks",
    "plan_tables",
    "plan_tiles",
    "plan_within",
    "result_digest",
    "sampled_pairs",
    "solve_domain",
    "with_band",
]
