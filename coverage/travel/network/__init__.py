"""Networks to travel on: the indicative one of village points, speeds and ferries."""
