"""The pages of the service for people at the coordinator and for auditors.

routes.py      every address of the pages; who may open one says the endpoint's own `person`
frame.py       how a page is shown: sections, person, language, errors, headers
visitors.py    which roles open which pages, and which project a person may look at
stages.py      the ten steps of a project, and who is awaited since when
listed.py      one line of every project, for lists that are searched and sorted
paged.py       a page of a long list
due_things.py  what is destroyed when
watched.py     a project's runs with their progress
figures/       charts and tables of a result, in counts that are not below the charter's k
pages/         the endpoints, one file a noun
templates/     one file a page; macros and design are those of `policy.terminal.local_page`

Pages show counts, names of offices and times. No page shows a row, a handle, a match ID, a score
of a pair, or a count below k. Pages read; the only things they do is to start and to stop runs.
"""
