"""A file as it came: its reader, its table, which column is which field, which cell a value."""
