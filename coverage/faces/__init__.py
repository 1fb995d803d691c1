"""Faces: the command line, the dashboard, maps and files. They only ask."""
