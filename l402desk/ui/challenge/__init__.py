"""A 402 explained before any money moves: the price, the verdict and its reasons, everything decoded."""
