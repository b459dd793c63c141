"""scripts/regenerate: from a change of openapi.yaml to everything that is made from it, one step at a time.

`__main__` takes the steps in `steps`, which use the other modules: `contract` reads the document, `linting` checks it,
`facts` compares it with what the documentation says, `deriving` makes what is derived. `parameters` hands new
parameters through all layers, and `columns` shows new attributes. `skeletons` writes the code of a new operation, in
the client (`client_code`), as a command (`commands`), and in tables (`rows`, `operation_rows`). All of them insert with
`source`, and `kinds` has what code says for each type. `leftovers` lists what a person has to write, and `changelog`
what users should read.
"""
