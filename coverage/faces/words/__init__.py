"""Answers as sentences and tables with labels: one room for the command line, the dashboard and the files."""
