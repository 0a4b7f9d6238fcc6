"""An agency's answer to a person who asks about one record (`policy.papers.rights`).

trace     where the record is: own rows and handles, uploads, releases on this machine
actions   the possible actions now, as exact commands
tickets   the request itself, with its deadline of 3 x 24 hours
handout   the trace as a paper that the officer can hand out

Only the agency can do this: the service knows handles, and no records.
"""
