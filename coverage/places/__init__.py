"""Places: villages, units, visits, population and one office's workspace, as checked tables."""
