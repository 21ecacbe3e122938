"""What a peer can get wrong, as one shallow family; each parser raises exactly one of these."""


class ProtocolError(ValueError):
    """The peer sent something that cannot be read.

    ``str(error)`` is one sentence in the app's words; ``where`` says which part of the input it is about
    ("character 12", "tag p"), or is empty. Neither ever holds control characters of the input.
    """

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(f"{message} ({where})" if where else message)
        self.message = message
        self.where = where


class AmountError(ProtocolError):
    """A number that is no amount of bitcoin."""


class ChallengeError(ProtocolError):
    """A 402 whose challenge cannot be read."""


class InvoiceError(ProtocolError):
    """A text that is no BOLT11 invoice."""


class MacaroonError(ProtocolError):
    """A text that is neither a macaroon nor any other token."""


class ProofError(ProtocolError):
    """A text that is no preimage, or not the preimage of this payment."""


class OriginError(ProtocolError):
    """A URL that does not name a web origin."""


class UnexpectedEvent(RuntimeError):  # noqa: N818 - it is our own bug, not an error of a peer
    """The caller told an exchange something that cannot happen in its state: a bug of ours, never caught."""
