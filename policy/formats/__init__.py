"""The formats that machines and programs exchange, and the module of each.

Each format has one module, which draws its layout and owns its widths. In this room:

    bundle_row       a row of a bundle or delta; `arrays.bundle_rows` joins and splits many
    contrary_code    the bytes of a contrary code in such a row
    chunk_stream     an encrypted stream of rows, or of a released file
    documents        lists of chunks, and of handles that left
    release_file     a released file in the clear; `arrays.release_rows` writes it
    attribute_file   attributes in the clear, each row encrypted under its row secret
    sealed_file      a released file as its recipient downloads it
    http_api         answers of the HTTP API
    problem          errors of the HTTP API
    log_page         a part of a project's log, and a home's copy of all of it
    tlog_proof       a proof that an entry is in a log
    ask              a request to decide, as a file
    clk_json         CLKs in clkhash's JSON, for use without a project
    opened_leaves    rows that an auditor drew, and the agency's answer

Elsewhere, next to the rules that are needed to read them:

    policy.base.canonical                           JSON, digests, base64
    policy.crypto.envelope                            envelopes: what a signature or a seal is over
    policy.statements                          the statements of a log
    policy.charter, policy.members.roster              charter and roster
    policy.log                                 leaves, checkpoints, notes, cosignatures, proofs
    policy.gates.facts                               run and release facts, and their commitment
    policy.evidence                            the evidence bundle (`bundle`, `archive`)
    policy.wire.signed_requests                            signatures on HTTP requests
    encoder.encoding.project_keys                            shares of the project's secret
    policy.crypto.keys, policy.crypto.vault      keys as bytes, and files of keys and secrets
    policy.charter.probe_report                             reports of the attack probe
    linkage_service.audit.hand_over                   what a second operator receives
    linkage_service.matching.candidates        what a tile of the search found
    linkage_service.matching.result            the digest of a run's groups

This room knows nothing of projects, networks or files. docs/reference/formats.md describes the
formats for authors of another implementation.
"""
