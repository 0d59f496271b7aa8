"""The fast engine: exhaustive breadth-first search in machine code.

It knows cells, steps and properties as terms (`checker.ground`); it does not know what they stand
for. Its slow, readable twin is `checker.semantics.reference`, and the tests compare the two.
"""
