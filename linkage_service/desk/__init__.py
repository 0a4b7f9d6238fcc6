"""The operator's desk: the service on this machine, and the local page that starts a project.

serving.py         the service of a home on one address: first for people who join, then for all
first_account.py   the one-time link for the first account
turns.py           the coordinator's steps: start a run, stage a release, decide
operator.py        the service and the coordinator's steps, kept going while a page is open
section.py         the page of the service, added to the pages of policy.ui
templates/         its template
"""
