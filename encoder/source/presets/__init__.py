"""Layouts, column names and payload as data."""
