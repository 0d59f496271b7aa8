"""The state space walked by hand, on a page that this machine serves to itself.

Nothing is kept between requests: the page says which steps were chosen, and the spec takes them
again. This package may know the semantics and the drawing code; no engine takes a step for it.
"""
