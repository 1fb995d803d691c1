"""Where roads are fetched from; told apart from the fetching, which takes seconds to load."""

DEFAULT_URL = "https://overpass-api.de/api"
