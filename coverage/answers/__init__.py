"""Answers: who is out of reach, where Pokling goes next, what one more unit changes."""
