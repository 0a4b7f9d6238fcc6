"""What an agency does with a release: lists, columns, review, programmes, changes, coverage."""
