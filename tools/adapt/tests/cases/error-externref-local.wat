;; A local that is a host reference.
(module
  (func (local externref)))
