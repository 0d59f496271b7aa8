"""Models in the languages of other checkers.

Architecture invariant: a model and the names that its source gave to its parts go in, text comes
out. Nothing here knows how a model is run, searched or proved, so what TLC says of it is a second
opinion.
"""
