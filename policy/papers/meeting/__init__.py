"""The report for a meeting of Forum Satu Data: counts and decisions, and no person.

report      the whole report, from the log and from the files that parties choose to give
coverage    the sections of one coverage file; the recipient's own page has the same
log         what was released to whom and why; what was destroyed and what is due
quality     how good the matches are, with the uncertainty
"""
