(module $memory)
