"""The command line: it parses, calls and prints. It may know everything and decides nothing.

Imports inside functions are allowed here and only here: `splitbrain list` should not wait for
the engine to load.
"""
