"""One module a siting model; `all_models` names them."""
