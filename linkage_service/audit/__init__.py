"""Checks of the service: evidence, hand-overs, runs repeated by another operator."""
