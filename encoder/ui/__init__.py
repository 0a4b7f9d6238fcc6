"""The data officer's local page: the same steps as the commands, in a browser.

access.py     who may speak to it: one browser, on this machine
officer.py    what the officer has chosen so far, and the folder it is kept in
jobs.py       long work in a thread, with its progress
pages/        the pages, one for each step
routes.py     which address is answered by which page
app.py        all of it together
"""
