"""One module a siting model; the registry names them."""
