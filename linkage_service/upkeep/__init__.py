"""What the storage holds, in numbers; and what nothing names any more, which is deleted."""
