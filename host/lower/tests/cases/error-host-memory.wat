(component (import "host" (core module $host (export "memory" (memory 1 2 shared)))) (core instance $h (instantiate $host))
 (core module $m (import "" "memory" (memory 1 2 shared)) (func (export "f") (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))))
 (core instance $m (instantiate $m (with "" (instance $h)))))