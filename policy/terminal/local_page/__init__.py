"""What the local pages of all parts share: a page that one person opens on their own machine.

access.py     who may speak to it: one browser, on this machine
frame.py      how a page is shown: layout, language, errors
controls.py   what stands on every page: the language, the work under way, the end
jobs.py       long work in a thread, with its progress
server.py     a server on loopback, until it is stopped or forgotten
command.py    what the commands `ui` take; the only one of these that needs no extra

Needs the extra `ui`; nothing else in this package imports the others of this room.
"""

# The import names of what the extra `ui` brings.
NEEDS = ("fastapi", "multipart", "uvicorn")
