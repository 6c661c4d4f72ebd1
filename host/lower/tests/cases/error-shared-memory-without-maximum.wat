(component
  (core module $m (memory 1 shared))
  (core instance $m (instantiate $m)))
