;; The empty component has an empty plan.
(component)
