"""What several rooms use: processes for many rows, and rows in pieces that fit in memory."""
