"""How much of one's own list other sources confirmed, by area, in counts without small cells.

areas       the kecamatan and kelurahan of a row, by the code book where it knows them
counting    people by area and by what each source says of them: exact, never written
protecting  what may leave the agency of these counts
reverse     people of another source who are not on one's own list, as a band
handed      the same as counts by area, given by the owner of that source, with its signature
kept        the counts of a release are kept: a second count a little later would tell persons
report      the counts as a page
table       the counts as a table, with the codes of areas
"""
