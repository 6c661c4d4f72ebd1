;; A module name that has no kebab-case form.
(module
  (import "\u{e9}" "f" (func)))
