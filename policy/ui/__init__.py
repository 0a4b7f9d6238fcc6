"""The approver's local page: what is asked, rule by rule; sign or refuse, by network or by file.

desk.py       what this person has before them: projects, opened files, answers
pages/        overview, one release, files that are carried
routes.py     which address is answered by which page
app.py        all of it together, on what all local pages share (policy.terminal.local_page)
"""
