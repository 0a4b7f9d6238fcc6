"""The data officer's local page: the same steps as the commands, in a browser.

officer.py    what the officer has chosen so far, and the folder it is kept in
pages/        the pages, one for each step
routes.py     which address is answered by which page
app.py        all of it together, on what all local pages share (policy.terminal.local_page)
"""
