"""The pages, one for each step; they do the same as the commands."""
