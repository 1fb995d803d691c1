"""One module a page, and the forms and panels that pages are put together from."""
