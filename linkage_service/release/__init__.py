"""From a finished run to sealed files: what a stage reveals, its cells, the decision."""
