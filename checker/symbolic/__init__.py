"""The model as formulas for Z3: proofs by induction, beyond the bounds of a scope too.

Architecture invariant: this package reads the model (`ir`) and asks its meaning (`semantics`) to
confirm what a solver says. It knows nothing of cells, machine code, search or the command line.
"""
