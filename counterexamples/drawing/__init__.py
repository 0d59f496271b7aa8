"""Traces as pictures: the page of a trace, and the museum as a folder of pages.

Architecture invariant: a trace goes in, markup comes out. Nothing here knows an engine, or
imports a spec; what the spec says of its actions is handed in.
"""
