"""What can go wrong for a user, as messages without a language; the faces put them into words."""

from coverage.ground.texts import Language, Message


class PlannerError(Exception):
    """Root of every error a user can cause or mend. Anything else is a bug.

    Parameters
    ----------
    messages
        One or more messages; all faults of a table are told at once.
    """

    def __init__(self, *messages: Message) -> None:
        super().__init__(*messages)
        self.messages = messages

    def text(self, lang: Language = "id") -> str:
        """Say all messages in `lang`, one to a line."""
        return "\n".join(message.text(lang) for message in self.messages)

    def __str__(self) -> str:
        return self.text()


class InputError(PlannerError, ValueError):
    """A value, file or combination the user gave cannot be used; the message says the remedy."""


class InfeasibleError(PlannerError, ValueError):
    """What was asked for cannot be had by any choice; the message says what stands in the way."""


class DataError(PlannerError, OSError):
    """A data file of the program is missing or damaged; the message names its registry entry."""
