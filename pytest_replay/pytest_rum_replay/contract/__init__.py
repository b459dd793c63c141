"""The contract `openapi.yaml`: answers checked against it, its schemas, and models made from its documents."""

from rum_replay._extras import install_command

try:
    import jsonschema_rs as _  # noqa: F401 - asked for here for all modules of this package
except ImportError as error:
    raise ImportError(
        f"strategies, factories and the check of answers need jsonschema-rs ({error}): {install_command('pytest')}",
        name=error.name,
    ) from error
