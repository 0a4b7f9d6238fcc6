#!/usr/bin/env bash
# Daftar program sebuah provinsi terhadap DTSEN, dua edisi / a province's programme list and two editions of DTSEN.
#
#   PERSONS=6000        penduduk tiruan / synthetic residents
#   SEED=1              benih / seed
#   OUT=build/dtsen     tempat semua berkas; dikosongkan dahulu / where everything is written; emptied first
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PERSONS=${PERSONS:-6000}
SEED=${SEED:-1}
OUT=${OUT:-build/dtsen}
PROJECT=dtsen-2026
PARTIES=(bps dinsos)
# shellcheck source=docs/tutorials/jakarta/functions.sh
. "$here/../jakarta/functions.sh"

rm -rf "$OUT"
mkdir -p "$OUT"/{edisi-1,edisi-2,homes,passphrases,lists,output}
cd "$OUT"
printf '$ cd %s\n' "$OUT"
started=$(date +%s)
bold "Padan: DTSEN dua edisi / two editions of DTSEN, $PERSONS penduduk tiruan / synthetic residents -> $OUT"

chapter "1. Daftar program, dan DTSEN dalam dua edisi / The programme list, and DTSEN in two editions"
synth() { run padan-encoder synth "$1" --persons "$PERSONS" --seed "$SEED" "${@:2}"; }
dtsen=(--source dtsen --share dtsen=0.9)
synth edisi-1 --source dtks "${dtsen[@]}"
synth edisi-2 --edition 2 "${dtsen[@]}"
mv edisi-1/dtks.csv edisi-1/program.csv

chapter "2. Anggota, roster, layanan / Members, roster, service"
identity bps bps "Badan Pusat Statistik" party witness authority
identity dinsos dinsos "Dinas Sosial" party witness
identity diskominfo diskominfo "Diskominfo, walidata" authority
identity auditor bpkp "Auditor" auditor
identity service layanan "Layanan pemadanan" service coordinator
identity bps-approver bps "Penyetuju BPS" approver
identity dinsos-approver dinsos "Penyetuju Dinas Sosial" approver
identity diskominfo-approver diskominfo "Penyetuju walidata" approver
identity bps-dpo bps "Pejabat PDP BPS" dpo
identity dinsos-dpo dinsos "Pejabat PDP Dinas Sosial" dpo
identity service-dpo layanan "Pejabat PDP layanan" dpo
wait
run padan-policy roster build homes/*/identity.json --superior dinsos=pemda --superior diskominfo=pemda \
    --authority bps --authority diskominfo --out roster.json
as bps padan-policy roster sign roster.json
as diskominfo padan-policy roster sign roster.json
digest=$(roster_digest)
serve "$digest"
together "${PARTIES[@]}" bps-approver diskominfo-approver bps-dpo auditor -- \
    padan-policy join --service "$url" --roster-digest "$digest"

chapter "3. Piagam / The charter"
run padan-encoder schema padan-id-5 --out padan-id-5.yaml
# Laporan uji disertakan; mengujinya beberapa menit. / The probe report is shipped; probing takes minutes.
cp "$here/../jakarta/probe-report.json" probe-report.json
rules=$(padan-encoder rules)
fill() { # TERMS CHARTER: what the impact assessment covers, by digest
    sed -e "s/@TODAY@/$(date -u +%F)/; s/@NEXT_YEAR@/$(($(date -u +%Y) + 1))-12-31/; s/@RULES@/$rules/" \
        -e "s/@PROBE@/$(sha256sum probe-report.json | cut -d ' ' -f 1)/; s/@TERMS@/$1/; s/@ASSESSED@/$2/" \
        "$here/charter.yaml" >charter.yaml
}
fill "$rules" "$rules"
padan-policy --json charter check charter.yaml >checked.json
fill "$(json terms <checked.json)" "$(json assessed <checked.json)"
together "${PARTIES[@]}" -- padan-policy charter sign charter.yaml
together "${PARTIES[@]}" -- padan-policy log-probe "$PROJECT" probe-report.json

# Kedua pihak menjadi saksi; sesungguhnya lebih banyak. / Both parties are witnesses; in truth there are more.
witness() { together "${PARTIES[@]}" -- padan-policy witness "$PROJECT"; }

chapter "4. Edisi 1: baris, kunci, sandi / Edition 1: rows, keys, encodings"
as bps padan-encoder prepare "$PROJECT" dtsen edisi-1/dtsen.csv --mapping "$here/mapping-dtsen.yaml"
as dinsos padan-encoder prepare "$PROJECT" program edisi-1/program.csv --mapping "$here/mapping-program.yaml"
together "${PARTIES[@]}" -- padan-encoder commit "$PROJECT"
witness
together "${PARTIES[@]}" -- padan-encoder reveal "$PROJECT"
together "${PARTIES[@]}" -- padan-encoder confirm "$PROJECT"
witness
together "${PARTIES[@]}" -- padan-encoder encode "$PROJECT"
together "${PARTIES[@]}" -- padan-encoder upload "$PROJECT"

edition() { # NUMBER COLUMN...: match, release, and send the columns
    local n=$1 columns=() column
    for column in "${@:2}"; do columns+=(--column "$column"); done
    as dinsos padan-policy order "$PROJECT" --run "padan-$n"
    witness
    as service padan-linkage start-run "$PROJECT" "padan-$n" --wait
    as dinsos padan-policy request "$PROJECT" "rilis-$n" --run "padan-$n" --domain program-dtsen
    as service padan-linkage stage "$PROJECT" "rilis-$n"
    witness
    together bps-approver diskominfo-approver -- padan-policy approve "$PROJECT" "rilis-$n"
    as service padan-linkage decide "$PROJECT" "rilis-$n"
    # Kolom diputuskan sendiri oleh BPS / columns are a decision of their own, made by BPS.
    as dinsos padan-policy request-attributes "$PROJECT" "rilis-$n" --domain program-dtsen --from dtsen \
        "${columns[@]}" --name "desil-$n"
    witness
    together "${PARTIES[@]}" -- padan-encoder open "$PROJECT" "rilis-$n"
    together bps-approver bps-dpo -- padan-policy approve-attributes "$PROJECT" "desil-$n"
    witness
    as bps padan-encoder share "$PROJECT" "desil-$n"
    witness
    as dinsos padan-encoder open-attributes "$PROJECT" "desil-$n"
}

chapter "5. Edisi 1: siapa dikonfirmasi DTSEN, dan desilnya / Who is confirmed by DTSEN, and their decile"
edition 1 desil_nasional

chapter "6. Edisi 2: hanya yang berubah dikirim / Edition 2: only what changed is sent"
as bps padan-encoder delta "$PROJECT" dtsen edisi-2/dtsen.csv
as bps padan-encoder encode "$PROJECT" dtsen
as bps padan-encoder upload "$PROJECT" dtsen
edition 2 desil_nasional keberadaan

chapter "7. Daftar perubahan / The list of changes"
as dinsos padan-encoder programme apply "$PROJECT" rilis-2 program "$here/sembako.yaml" --out lists/sembako-2.xlsx
as dinsos padan-encoder changes "$PROJECT" rilis-1 rilis-2 program --receives BPNT --out lists/perubahan.xlsx
as dinsos padan-encoder changes "$PROJECT" rilis-1 rilis-2 program --receives BPNT --out lists/perubahan.csv
run head -n 4 lists/perubahan.csv

chapter "8. Audit luring / Offline audit"
as auditor padan-policy evidence "$PROJECT" --out evidence.zip
as auditor padan-policy checkpoint "$PROJECT" --out auditor-checkpoint.txt
stop_service
run padan-policy verify evidence.zip --roster-digest "$digest" --checkpoint auditor-checkpoint.txt --html audit.html

echo
bold "Selesai dalam $(($(date +%s) - started)) detik / done. Lihat / look into: $OUT/lists"
