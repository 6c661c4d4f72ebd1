(component
  (core module $exporter
    (type $t (shared (func (param i32))))
    (tag (export "tag") (type $t)))
  (core instance $exporter (instantiate $exporter))
  (core module $importer (import "e" "tag" (tag (param i32))))
  (core instance (instantiate $importer (with "e" (instance $exporter)))))
