"""How records build and change the page: trees and mutations, change records, the states of nodes."""
