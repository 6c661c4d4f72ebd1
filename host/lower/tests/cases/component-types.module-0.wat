(module $define)
