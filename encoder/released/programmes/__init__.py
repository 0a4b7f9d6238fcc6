"""Programme lists: rules of eligibility, and what they say about the recipient's own rows.

rules.py        one programme as typed data: columns, conditions, order, quota
reading.py      a programme from YAML; errors name file, line and part
examples/       rules that only show the form; the real ones are the province's
explain.py      a programme in plain words
readings.py     one cell: a number, yes or no, an age; or not known, and why
conditions.py   one row under the conditions, with the reasons
cases.py        rows as the rules see them, and which rows are one person or household
evaluation.py   units, order, lottery, quota, and the present list
columns.py      finds the columns of the rules in a table
from_table.py   cases from a plain table
from_release.py cases from the joined table of a release
present.py      the present list from an earlier file
sheets.py       the lists as sheets of a workbook, or as counts
"""
