"""A released file before it is sealed: the form that the service writes and encoders read.

    magic || salt || rows of (handle, match ID, row secret, and where the charter has it a grade)

A grade is one byte: 0 certain, 1 to verify. Rows are sorted by match ID.
"""

SEAL_TYPE = "padan/release-key"
MAGIC = b"padan-release-1\n"
GRADED_MAGIC = b"padan-release-2\n"
SALT_BYTES = 32
HANDLE_BYTES, ID_BYTES, SECRET_BYTES = 16, 16, 32
