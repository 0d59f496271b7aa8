"""Traces: replayed, kept in files, compared state by state, rendered for a reader.

What a trace is stands in `checker.trace`. This package may know the semantics, never an engine.
"""
