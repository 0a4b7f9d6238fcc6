"""Who takes part: rosters and how they follow each other, homes, and separate duties."""
