;; A function of host references.
(module
  (func (param externref)))
