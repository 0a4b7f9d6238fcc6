"""What crosses between machines or programs, byte for byte: one module a format."""
