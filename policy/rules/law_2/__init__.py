"""Rules that padan-law-2 asks in another form, or asks first."""
