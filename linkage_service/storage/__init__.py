"""What the service keeps: the log and its database, blobs, and the keys of epochs."""
