"""The field review: forms that go out, answers that come back, and what they measure.

references.py     names a row of a form without telling whose it is
asking.py         which rows a form asks about: those to check, and a random sample
form_workbook.py  the form as an Excel workbook
returned.py       reads a form that came back
taking.py         takes its answers, or refuses the file by row number
figures.py        precision by stratum, for the officer and for the log
"""
