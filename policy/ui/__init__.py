"""The approver's local page: the request and each rule's result; sign or refuse, online or by file.

desk.py       this person's projects, opened files and answers pages/        overview, one release,
carried files routes.py     which page answers which address app.py        the whole page, on top of
policy.terminal.local_page
"""
