"""What every room uses: errors, words in two languages, canonical bytes, files, dates."""
