"""Bundles that come in: checked against their manifests, and read as arrays for a run."""
