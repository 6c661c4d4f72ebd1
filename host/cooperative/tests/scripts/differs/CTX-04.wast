;;! shared-everything = true
;; The slots may be of type i64.

(component definition
  (core func (canon context.get i64 0))
  (core func (canon context.set i64 0)))
