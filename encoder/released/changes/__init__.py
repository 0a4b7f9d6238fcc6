"""What a later release says otherwise of an agency's own people, and what to do about it.

kinds.py      kinds of change, in words
births.py     who is new because of birth
compare.py    the rules: one person before and after
pairs.py      each person of both releases, found by its own record id
change_list.py  the list, sorted for field work
sheets.py     the list as files
"""
