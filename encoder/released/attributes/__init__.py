"""What other agencies tell of one's own people: columns that came under match IDs."""
