#!/usr/bin/env bash
# Kisah Jakarta dari awal sampai akhir / the Jakarta story from beginning to end.
#
# Every line after a "$" is a command that you can copy. Each party has a home folder
# of its own; a command opens the folder that PADAN_HOME names and no other.
#
#   PERSONS=20000   residents of the synthetic Jakarta
#   SEED=1          seed of the synthetic Jakarta
#   OUT=build/jakarta   where everything is written; emptied first
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PERSONS=${PERSONS:-20000}
SEED=${SEED:-1}
OUT=${OUT:-build/jakarta}
PROJECT=jakarta-2026
PARTIES=(bps dinsos dppapp)
# shellcheck source=docs/tutorials/jakarta/functions.sh
. "$here/functions.sh"

rm -rf "$OUT"
mkdir -p "$OUT"/{sources,homes,passphrases,lists,output}
cd "$OUT"
printf '$ cd %s\n' "$OUT"
started=$(date +%s)
bold "Padan: $PERSONS penduduk tiruan / synthetic residents -> $OUT"

chapter "1. Data tiruan di empat sumber / Synthetic data in four sources"
run padan-encoder synth sources --persons "$PERSONS" --seed "$SEED"

chapter "2. Identitas dan roster / Identities and roster"
identity bps bps "Badan Pusat Statistik" party witness authority
identity dinsos dinsos "Dinas Sosial DKI Jakarta" party witness
identity dppapp dppapp "Dinas PPAPP DKI Jakarta" party witness
identity diskominfotik diskominfotik "Diskominfotik DKI Jakarta" authority
identity auditor bpkp "Auditor" auditor witness
identity service layanan "Layanan pemadanan, di luar BPS dan Pemprov DKI" service coordinator
identity bps-approver bps "Penyetuju BPS" approver
identity dinsos-approver dinsos "Penyetuju Dinas Sosial" approver
identity dppapp-approver dppapp "Penyetuju Dinas PPAPP" approver
identity diskominfotik-approver diskominfotik "Walidata Provinsi DKI Jakarta" approver
identity bps-dpo bps "Pejabat PDP BPS" dpo
identity dinsos-dpo dinsos "Pejabat PDP Dinas Sosial" dpo
identity dppapp-dpo dppapp "Pejabat PDP Dinas PPAPP" dpo
identity service-dpo layanan "Pejabat PDP layanan" dpo
wait
cat output/*
# Dinas dan Diskominfotik di bawah satu pemerintah provinsi; layanan dan auditor di luarnya.
# The offices and Diskominfotik answer to one provincial government; service and auditor do not.
run padan-policy roster build homes/*/identity.json \
    --superior dinsos=pemprov-dki --superior dppapp=pemprov-dki --superior diskominfotik=pemprov-dki \
    --authority bps --authority diskominfotik --out roster.json
as bps padan-policy roster sign roster.json
as diskominfotik padan-policy roster sign roster.json
run padan-policy roster check roster.json
digest=$(roster_digest)

chapter "3. Layanan / The service"
serve "$digest"
together "${PARTIES[@]}" auditor {bps,dinsos,dppapp,diskominfotik}-approver {bps,dinsos,dppapp}-dpo -- \
    padan-policy join --service "$url" --roster-digest "$digest"

chapter "4. Piagam / The charter"
run padan-encoder schema padan-id-5 --out padan-id-5.yaml
rules=$(padan-encoder rules)
today=$(date -u +%F) # the days of a charter are those of UTC
next_year=$(($(date -u +%Y) + 1))-12-31
cp "$here/probe-report.json" probe-report.json
probe=$(sha256sum probe-report.json | cut -d ' ' -f 1)
fill() { # TERMS CHARTER: what the impact assessment covers, by digest
    sed -e "s/@TODAY@/$today/; s/@NEXT_YEAR@/$next_year/; s/@RULES@/$rules/" \
        -e "s/@PROBE@/$probe/; s/@TERMS@/$1/; s/@ASSESSED@/$2/" "$here/charter.yaml" >charter.yaml
}
fill "$rules" "$rules"
padan-policy --json charter check charter.yaml >checked.json
fill "$(json terms <checked.json)" "$(json assessed <checked.json)"
run padan-policy charter check charter.yaml
as bps padan-policy charter lint charter.yaml
together "${PARTIES[@]}" -- padan-policy charter sign charter.yaml

# Menguji penyandian memakan beberapa menit; laporannya ikut dikirim dengan contoh ini.
# Probing takes minutes; its report comes with this example:
#   padan-encoder probe charter.yaml --out probe-report.json
# Instansi kedua mengulangnya dengan benih yang sama sebelum ikut menandatangani; juga beberapa menit.
# A second agency repeats it by its seed before it signs as well; that takes minutes, too:
#   padan-encoder repeat-probe jakarta-2026
as bps padan-policy log-probe "$PROJECT" probe-report.json
as dinsos padan-policy log-probe "$PROJECT" probe-report.json

chapter "5. Menyiapkan baris, sebelum ada kunci / Rows are frozen before any key exists"
as dinsos padan-encoder inspect sources/ppks.csv --charter charter.yaml
as dinsos padan-encoder check sources/dtks.csv --mapping "$here/mapping-dtks.yaml" --html lists/dtks-mutu.html
prepare() { as "$1" padan-encoder prepare "$PROJECT" "$2" "sources/$2.csv" --mapping "$here/mapping-$2.yaml"; }
prepare bps regsosek
prepare dinsos dtks
prepare dinsos ppks
prepare dppapp carik

witness() { together "$@" -- padan-policy witness "$PROJECT"; }

chapter "6. Upacara kunci / Key ceremony"
together "${PARTIES[@]}" -- padan-encoder commit "$PROJECT"
witness "${PARTIES[@]}"
together "${PARTIES[@]}" -- padan-encoder reveal "$PROJECT"
together "${PARTIES[@]}" -- padan-encoder confirm "$PROJECT"
witness "${PARTIES[@]}"

chapter "7. Menyandikan dan mengirim / Encode and upload"
for party in "${PARTIES[@]}"; do as "$party" padan-encoder encode "$PROJECT"; done
together "${PARTIES[@]}" -- padan-encoder upload "$PROJECT"

chapter "8. Memadankan / Match"
as dinsos padan-policy order "$PROJECT" --run padan-1
witness "${PARTIES[@]}"
as service padan-linkage start-run "$PROJECT" padan-1 --wait

pairs=(--domain dtks-regsosek --domain dtks-carik)
request() { # RELEASE DOMAINS -- APPROVER...
    local release=$1 domains=()
    shift
    while [ "$1" != -- ]; do domains+=("$1"); shift; done
    shift
    as dinsos padan-policy request "$PROJECT" "$release" --run padan-1 "${domains[@]}"
    as service padan-linkage stage "$PROJECT" "$release"
    witness "${PARTIES[@]}"
    # Walidata provinsi ikut menyetujui: hanya walidata yang merilis.
    # The province's walidata approves as well: only a walidata releases.
    together "$@" -- padan-policy approve "$PROJECT" "$release"
    as service padan-linkage decide "$PROJECT" "$release"
}

chapter "9. Rilis yang ditolak: pemohon menyetujui dirinya sendiri / A release that is refused"
# PPKS adalah daftar peka: penyetuju dan pejabat PDP pemiliknya ikut menyetujui. Tetapi Dinas Sosial
# menyambung DTKS dan PPKS sendiri dengan NIK, dan bersama-sama keduanya membentuk sel yang kecil.
# PPKS is a sensitive list: its owner's approver and data protection officer agree as well. But
# Dinas Sosial joins DTKS and PPKS by NIK itself, and the two together form small cells.
if request rilis-1 --domain jakarta --domain ppks-regsosek "${pairs[@]}" -- \
    bps-approver dinsos-approver dinsos-dpo; then
    echo "rilis-1 seharusnya ditolak / should have been refused" >&2
    exit 1
fi
as bps-approver padan-policy explain "$PROJECT" rilis-1

chapter "10. Rilis yang disetujui dua instansi lain / A release that two other agencies approve"
as bps-approver padan-policy status "$PROJECT"
# Dua domain DTKS saja: setiap sel yang dapat dibentuk Dinas Sosial memuat 10 orang atau lebih.
# The two domains of DTKS alone: every cell that Dinas Sosial can form holds 10 persons or more.
request rilis-2 "${pairs[@]}" -- bps-approver dppapp-approver diskominfotik-approver
witness "${PARTIES[@]}"
together "${PARTIES[@]}" -- padan-encoder open "$PROJECT" rilis-2

chapter "11. Kolom BPS untuk orang yang padan / Columns of BPS for people who matched"
# BPS mengirim desil dan kemiskinan ekstrem; penyetuju dan pejabat PDP BPS memutuskan. Dinas Sosial
# hanya membuka baris yang padan, dan layanan tidak membaca apa pun.
# BPS sends deciles and extreme poverty; BPS's approver and data protection officer decide. Dinas
# Sosial opens rows that matched and no others, and the service reads nothing.
as dinsos padan-policy request-attributes "$PROJECT" rilis-2 --domain dtks-regsosek --from regsosek \
    --column desil_nasional --column miskin_ekstrem
witness "${PARTIES[@]}"
together bps-approver bps-dpo -- padan-policy approve-attributes "$PROJECT" atribut-1
witness "${PARTIES[@]}"
as bps padan-encoder share "$PROJECT" atribut-1
witness "${PARTIES[@]}"
as dinsos padan-encoder open-attributes "$PROJECT" atribut-1

chapter "12. Daftar by name by address untuk Dinas Sosial / The by-name-by-address list"
# Buku kerja Excel: satu lembar tiap kelurahan, dan siapa yang belum ditemukan. / An Excel workbook:
# one sheet a kelurahan, and who was not found.
as dinsos padan-encoder list "$PROJECT" rilis-2 dtks --out lists/dinsos-dtks.xlsx --split kelurahan
# Untuk program: siapa yang ditemukan, dengan kolom program. / For programs: who was found.
as dinsos padan-encoder list "$PROJECT" rilis-2 dtks --out lists/dinsos-dtks.csv --column PKH
run head -n 4 lists/dinsos-dtks.csv
# Cakupan: siapa dikonfirmasi siapa, per kecamatan dan kelurahan; sel kecil tidak tampak.
# Coverage: who was confirmed by whom, by kecamatan and kelurahan; small cells do not show.
as dinsos padan-encoder coverage "$PROJECT" rilis-2 dtks --out lists/dtks-cakupan.html
as dinsos padan-encoder coverage "$PROJECT" rilis-2 dtks --out lists/dtks-cakupan.json

# Seseorang dalam daftar itu bertanya: di mana saja catatan saya? / Someone on that list asks where they are.
record=$(sed -n 2p lists/dinsos-dtks.csv | cut -d , -f 1)
as dinsos padan-encoder subject "$PROJECT" --record-id "$record" --right restrict --out lists/jejak.html

chapter "13. Daftar program: usulan, alasan, dan siapa yang ditinjau / Programme lists: proposals, reasons, review"
# Aturannya contoh; aturan yang sebenarnya milik provinsi. Tidak ada yang dikeluarkan otomatis.
# The rules are examples; the real ones are the province's. Nobody is removed automatically.
run padan-encoder programme check sembako
for programme in sembako miskin-ekstrem; do
    as dinsos padan-encoder programme apply "$PROJECT" rilis-2 dtks "$programme" --out "lists/$programme.xlsx"
done

chapter "14. Audit luring / Offline audit"
witness "${PARTIES[@]}" auditor
as auditor padan-policy evidence "$PROJECT" --out evidence.zip
as auditor padan-policy checkpoint "$PROJECT" --out auditor-checkpoint.txt
show service padan-linkage --json calibration "$PROJECT" padan-1
act service padan-linkage --json calibration "$PROJECT" padan-1 >calibration.json
stop_service
mkdir audit
cp evidence.zip auditor-checkpoint.txt calibration.json lists/dtks-cakupan.json audit/
printf '$ cd audit\n'
(cd audit && run padan-policy verify evidence.zip --roster-digest "$digest" \
    --checkpoint auditor-checkpoint.txt --html report.html)

chapter "15. Naskah resmi, sebagai rancangan / Official papers, as drafts"
(cd audit && for paper in "handover --release rilis-2 --place Jakarta" dpia processing-record; do
    # shellcheck disable=SC2086 # a paper's option is a word of its own
    run padan-policy papers $paper --evidence evidence.zip --out "${paper%% *}.html"
done
# Untuk rapat Forum Satu Data: sumber, cakupan, mutu, rilis, pemusnahan, dengan bagan.
# For a meeting of the Forum Satu Data: sources, coverage, quality, releases, destruction, with charts.
run padan-policy papers meeting-report --evidence evidence.zip --coverage dtks-cakupan.json \
    --calibration calibration.json --out rapat.html
run padan-policy papers ckan --evidence evidence.zip --organisation pemprov-dki-jakarta --out ckan.json)

chapter "16. Benar dan salah, terhadap kebenaran tiruan / True and false, against the synthetic truth"
mkdir -p ids/{dtks-regsosek,dtks-carik}
ids() { as "$1" padan-encoder ids "$PROJECT" rilis-2 "$2" --domain "$3" --out "ids/$3/$2.csv" >/dev/null; }
ids bps regsosek dtks-regsosek
ids dinsos dtks dtks-regsosek
ids dinsos dtks dtks-carik
ids dppapp carik dtks-carik
run python3 "$here/evaluate.py" sources/truth.csv ids/*
# Daftarnya sendiri: orang yang benar, kolom yang benar / the list itself: right person, right column
run python3 "$here/evaluate_list.py" lists/dinsos-dtks.csv sources

echo
bold "Selesai dalam $(($(date +%s) - started)) detik / done. Lihat / look into: $OUT"
