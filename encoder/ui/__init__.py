"""The data officer's local page: the same steps as the commands, in a browser.

officer.py    the officer's choices so far, and the folder where they are stored
pages/        the pages, one for each step
routes.py     which address is answered by which page
app.py        the complete page, on the shared parts of local pages (policy.terminal.local_page)
"""
