;; A name section is not validated: names of nothing are passed over.
(module
  (func (export "_start"))
  (@custom "name" "\01\08\02\00\01a\09\02bc"))
