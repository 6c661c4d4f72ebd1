;; WIT has no function that is named as an interface is.
(component (import "a:b/c" (func)))
