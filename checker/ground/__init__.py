"""A model with everything finite unrolled: scalar cells, and guarded steps over them.

`ground` goes from IR to a `GroundModel`; `evaluate_term` says what its terms mean, slowly. This
package knows no spec, no source text and no machine: only IR above it, and terms below.
"""
