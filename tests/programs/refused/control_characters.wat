;; Names that would change a terminal's colour and reverse the order of characters.
(module
  (import "\1b[31mred\u{202e}" "x" (func))
  (func (export "_start") (call 0)))
