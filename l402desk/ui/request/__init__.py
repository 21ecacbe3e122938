"""The request page: what is asked (builder), what came back (response), and the lists to start from."""
