"""What `openapi.yaml` says: answers checked against it, its schemas, and models made of its documents."""
