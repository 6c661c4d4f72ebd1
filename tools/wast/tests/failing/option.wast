;; An option that does not exist.
;;! fails = true

(module)
