"""What the three command lines share: options, language, errors, output, the local page."""
