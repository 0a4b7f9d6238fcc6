"""Rules that the second law asks differently, or that it has and the first law has not."""
