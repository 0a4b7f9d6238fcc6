"""Formats of many rows, read and written as numpy arrays.

The extras `encoder` and `service` bring numpy; nothing else in `policy` imports this folder.
"""
