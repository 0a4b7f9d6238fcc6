"""Why a session stops: a log that is behind, a roster that is behind, a run without a name."""

from __future__ import annotations

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, NotYet, Unverified
from policy.base.words import Words


def roster_behind(version: int, newest: int) -> NotYet:
    return NotYet(
        PolicyCode.ROSTER_BEHIND,
        Words(
            f"Log proyek ini masih di roster versi {version}, padahal versi {newest} sudah terbit.",
            f"This project's log is still at roster version {version}; version {newest} is out.",
        ),
        Words(
            "Minta koordinator menjalankan 'padan-linkage roster ROSTER', lalu ulangi.",
            "Ask the coordinator to run 'padan-linkage roster ROSTER', then try again.",
        ),
    )


def log_cut(project_id: str, have: int, known: int) -> Unverified:
    return Unverified(
        PolicyCode.LOG_BEHIND,
        Words(
            f"Log layanan hanya {have} entri, padahal di sini {known}: layanan dipulihkan dari"
            " cadangan lama, atau lognya dipotong.",
            f"The service's log has {have} entries and this copy has {known}: the service was"
            " restored from an old backup, or its log was cut.",
        ),
        Words(
            "Bila koordinator memberitahukan pemulihan: 'padan-policy give-back"
            f" {project_id}'. Bila tidak, hubungi auditor.",
            "If the coordinator has announced a restored backup: 'padan-policy give-back"
            f" {project_id}'. If not, call the auditor.",
        ),
    )


def no_run_name() -> BadInput:
    return BadInput(
        PolicyCode.OPTION_NAME,
        Words(
            "Nama pemadanan atau rilis: huruf kecil, angka, tanda hubung, paling panjang 63.",
            "Names of runs and releases: lower-case letters, digits and hyphens, 63 at most.",
        ),
        Words("Pilih nama lain, misalnya pemadanan-1.", "Choose another name, such as run-1."),
    )
