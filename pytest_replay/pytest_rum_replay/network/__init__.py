"""The network guard: tests reach the allowed hosts and no others."""
