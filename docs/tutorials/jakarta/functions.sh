# What the example scripts share: print a command, then run it, each party in its own home.
# Sourced by demo.sh and by docs/how-to/febrl4/link.sh.

export PADAN_PROGRESS=${PADAN_PROGRESS:-}
# Every command is a process of its own; let the next one find the modules compiled.
unset PYTHONDONTWRITEBYTECODE

bold() { printf '\033[1m%s\033[0m\n' "$*"; }
chapter() { echo; bold "== $* =="; }

# run COMMAND...: print it, then do it.
run() {
    printf '$'
    printf ' %q' "$@"
    printf '\n'
    "$@"
}

# as PARTY COMMAND...: print it, then do it in that party's home folder.
as() {
    show "$@"
    act "$@"
}
show() {
    local party=$1
    shift
    printf '$ PADAN_HOME=%s PADAN_PASSPHRASE_FILE=%s' "homes/$party" "passphrases/$party"
    printf ' %q' "$@"
    printf '\n'
}
act() {
    local party=$1
    shift
    PADAN_HOME="homes/$party" PADAN_PASSPHRASE_FILE="passphrases/$party" "$@"
}

# together PARTY... -- COMMAND...: each party runs it at the same time, on its own machine.
together() {
    local who=() party pids=() i
    while [ "$1" != -- ]; do who+=("$1"); shift; done
    shift
    for party in "${who[@]}"; do show "$party" "$@"; done
    for party in "${who[@]}"; do
        act "$party" "$@" >"output/$party" 2>&1 &
        pids+=($!)
    done
    for i in "${!who[@]}"; do
        if ! wait "${pids[$i]}"; then cat "output/${who[$i]}"; exit 1; fi
        sed "s/^/${who[$i]}: /" "output/${who[$i]}"
    done
}

service_pid=
stop_service() {
    [ -n "$service_pid" ] || return 0
    kill "$service_pid" 2>/dev/null || true
    wait "$service_pid" 2>/dev/null || true
    service_pid=
}
trap stop_service EXIT

# identity ID AGENCY NAME ROLE...: draw keys in a new home folder.
identity() {
    local id=$1 agency=$2 name=$3 roles=() role
    shift 3
    for role in "$@"; do roles+=(--role "$role"); done
    python3 -c 'import secrets; print(secrets.token_urlsafe(24))' >"passphrases/$id"
    chmod 600 "passphrases/$id"
    set -- padan-policy identity create "$id" --agency "$agency" --name "$name" "${roles[@]}"
    show "$id" "$@"
    act "$id" "$@" >"output/$id" 2>&1 &
}

# serve DIGEST: pin the roster at the service and start it; sets url.
serve() {
    local digest=$1 port
    port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')
    url=http://127.0.0.1:$port
    as service padan-policy join --service "$url" --roster-digest "$digest" --roster roster.json
    printf '$ PADAN_HOME=homes/service PADAN_PASSPHRASE_FILE=passphrases/service padan-linkage serve --port %s &\n' "$port"
    PADAN_HOME=homes/service PADAN_PASSPHRASE_FILE=passphrases/service \
        padan-linkage serve --port "$port" >service.log 2>&1 &
    service_pid=$!
    for _ in $(seq 200); do
        if python3 -c "import urllib.request as u; u.urlopen('$url/api/v1/health', timeout=1)" 2>/dev/null; then break; fi
        if ! kill -0 "$service_pid" 2>/dev/null; then cat service.log; exit 1; fi
        sleep 0.1
    done
}

# json FIELD: that field of the JSON on standard input.
json() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

# roster_digest: the digest of roster.json. In real life it travels by letter or telephone.
roster_digest() {
    padan-policy --json roster check roster.json | json digest
}
