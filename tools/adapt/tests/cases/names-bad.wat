;; A name section is not validated: names of nothing are passed over.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32)))
  (func (export "_start"))
  (@custom "name" "\01\08\02\00\01a\09\02bc"))
