"""The emulators behind fixtures: clients bound to them, environments that name them, faults, servers on loopback."""
