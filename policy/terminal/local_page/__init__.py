"""What all local pages share: a page that one person opens on their own machine.

access.py     access control: one browser, on this machine
addresses.py  addresses of pages behind a gateway's path prefix
frame.py      how a page is shown: layout, language, errors
rail.py       the steps on top of every page, and the sentence on what is next
controls.py   parts of every page: the language, the running job, the stop button, the style
jobs.py       long work in a thread, with its progress
server.py     a server on loopback, until it is stopped or idle
command.py    options of the commands `ui`; the only module here that needs no extra
static/       the design: tokens.css (colours), page.css (frame, forms, tables), parts.css (what
              pages are made of), print.css (phone drawings, paper); page.js, which no page needs
templates/    frame.html around every page; parts.html and picture.html with macros for its content

Needs the extra `ui`; nothing else in this package imports the other modules of this room.
"""

# The import names of the packages in the extra `ui`.
NEEDS = ("fastapi", "multipart", "uvicorn")
