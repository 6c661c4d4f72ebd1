;; Annotations, names of all of Unicode, and several forms in one line.
(@between (directives "(") )
(module (@name "module") (@custom "section" "content") (func (export "\u{202e}") (;;)) (func (export "f‮")))
(invoke "\u{202e}") (invoke "f‮")
