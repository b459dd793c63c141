"""The emulators behind the fixtures: clients for them, environments that use them, faults, a server on loopback."""
