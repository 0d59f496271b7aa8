"""What protocols promise: properties by theme, written once for every spec that they fit.

A property is a function of the state, typed by the most general spec for which it makes sense.
This package imports `checker` and `specs`, and knows nothing of how properties are judged.
"""
