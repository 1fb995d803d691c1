"""Team days and routes: which villages a campaign visits, on which day, in which order, and why not others."""
