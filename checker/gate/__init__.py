"""The gate: every check that a repository declares, run and compared with what was accepted.

Architecture invariant: nothing here prints, or knows of options and formats of reports. The
declaration goes in, a `GateReport` comes out. Specs are loaded in processes of their own only.
"""
