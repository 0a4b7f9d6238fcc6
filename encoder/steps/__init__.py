"""What a data officer does, a file a step: inspect, prepare, agree on keys, send, open."""
