"""The contract `openapi.yaml`: answers checked against it, its schemas, and models made from its documents."""
