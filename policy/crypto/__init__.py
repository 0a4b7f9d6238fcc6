"""Keys, signatures, envelopes and seals; every primitive comes from `cryptography`."""
