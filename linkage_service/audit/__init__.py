"""What the service is checked by: evidence, hand-overs, runs repeated by another operator."""
