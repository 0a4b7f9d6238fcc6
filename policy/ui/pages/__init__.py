"""The pages; what they do is what the commands do."""
