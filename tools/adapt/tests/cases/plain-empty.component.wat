(component
  (core module $main (;0;))
  (core instance $main (;0;) (instantiate $main))
)
