"""The data officer's steps, one file each: inspect, prepare, agree on keys, send, open."""
