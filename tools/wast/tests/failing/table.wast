;; A table that the system does not have room for is no mistake in the imports.

(assert_unlinkable (module (table 0xffff_ffff funcref)) "unknown import")
