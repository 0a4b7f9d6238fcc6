"""The pages, one for each step; what they do is what the commands do."""
