"""The recipient's own people with what a release and other agencies tell of them."""
