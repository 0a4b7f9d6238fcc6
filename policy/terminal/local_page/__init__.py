"""What all local pages share: a page that one person opens on their own machine.

access.py     access control: one browser, on this machine frame.py      how a page is shown:
layout, language, errors controls.py   parts of every page: the language, the running job, the stop
button jobs.py       long work in a thread, with its progress server.py     a server on loopback,
until it is stopped or idle command.py    options of the commands `ui`; the only module here that
needs no extra

Needs the extra `ui`; nothing else in this package imports the other modules of this room.
"""

# The import names of the packages in the extra `ui`.
NEEDS = ("fastapi", "multipart", "uvicorn")
