"""Rules that the second law asks in another form than the first, or asks first."""
