"""A member's side of the network: signed requests, retries, the member's copy of the log."""
