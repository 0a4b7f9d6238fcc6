"""How much of one's own list other sources confirmed, by area, in counts without small cells.

areas       the kecamatan and kelurahan of a row, by the code book where it knows them
counting    people by area and by what each source says of them: exact, never written
protecting  what may leave the agency of these counts
reverse     people of another source who are not on one's own list, as a band
kept        the counts of a release are kept: a second count a little later would tell persons
report      the counts as a page, and as a table
"""
