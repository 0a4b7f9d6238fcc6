"""From frozen fields to encodings: plain CLKs, hardened encodings, block tags, canaries."""
