"""Charts as inline SVG, and report pages that need nothing from outside.

numbers     counts and shares in each language
bars        bars and columns, as in the data quality report
stacked     one bar per row, divided into parts
tiles       one tile per area, coloured by a share
timeline    events on a line of time, one line for each sort of event
upset       which lists overlap in how many people
page        a report as one HTML page: sections of charts with their tables beneath
pdf         the same page on paper (extra `pdf`)
"""
