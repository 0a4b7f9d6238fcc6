"""The pages; each does what a command does."""
