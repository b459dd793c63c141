"""The emulators behind the fixtures: clients for them, environments that use them, faults, a server on loopback."""

from rum_replay._extras import install_command

try:
    import rum_replay_emulator.contract as _  # noqa: F401 - asked for here for all modules of this package
except ImportError as error:
    raise ImportError(
        f"the plugin's fixtures need the emulator ({error}): {install_command('pytest')}", name=error.name
    ) from error
