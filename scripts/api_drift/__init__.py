"""How openapi.yaml differs from the outside world: from Datadog's documentation and clients, and from recorded traffic.

Readers (`pages`, `openapi`, `client`) turn a source into one model of operations and schemas; `comparison` and `rating`
are pure; `reporting` prints. Traffic has the same stages: `traffic` reads it, `conformance` finds what does not
fit, and `patching` proposes the change of openapi.yaml that makes it fit.
"""
