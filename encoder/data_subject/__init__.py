"""What an agency answers a person who asks about one record (`policy.papers.rights`).

trace     where the record is: own rows and handles, uploads, releases on this machine
actions   what can be done about it now, as the exact next command
tickets   the request itself, with its clock of 3 x 24 hours
handout   the trace as a paper that the officer can hand out

Only the agency can do this: the service knows handles, and no record.
"""
