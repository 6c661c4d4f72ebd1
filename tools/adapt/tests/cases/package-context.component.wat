(component
  (core module $state (;0;)
    (memory (;0;) 1 65536 shared)
    (memory (;1;) 1 1 shared)
    (export "memory" (memory 0))
    (export "records" (memory 1))
  )
  (core instance $state (;0;) (instantiate $state))
  (core func $"[context-get-0]" (;0;) (canon context.get i32 0))
  (core func $"[context-get-1]" (;1;) (canon context.get i32 1))
  (core func $"[context-set-0]" (;2;) (canon context.set i32 0))
  (core func $"[context-set-1]" (;3;) (canon context.set i32 1))
  (core instance $root (;1;)
    (export "[context-get-0]" (func $"[context-get-0]"))
    (export "[context-get-1]" (func $"[context-get-1]"))
    (export "[context-set-0]" (func $"[context-set-0]"))
    (export "[context-set-1]" (func $"[context-set-1]"))
  )
  (core module $main (;1;)
    (type (;0;) (shared (func (result i32))))
    (type (;1;) (shared (func (param i32))))
    (type (;2;) (shared (func (result i32))))
    (type (;3;) (shared (func (param i32))))
    (type (;4;) (shared (func (param i32) (result i32))))
    (type (;5;) (shared (func)))
    (import "$state" "memory" (memory (;0;) 1 65536 shared))
    (import "$state" "records" (memory (;1;) 1 1 shared))
    (import "$root" "[context-get-0]" (func $"[context-get-0]" (;0;) (type 2)))
    (import "$root" "[context-get-1]" (func $"[context-get-1]" (;1;) (type 2)))
    (import "$root" "[context-set-0]" (func $"[context-set-0]" (;2;) (type 3)))
    (import "$root" "[context-set-1]" (func $"[context-set-1]" (;3;) (type 3)))
    (export "count" (func $"entry count"))
    (start $start)
    (func (;4;) (type 0)
      call $"[context-get-1]"
      i32.const 1
      i32.add
      call $"[context-set-1]"
      call $"[context-get-0]"
      call $"[context-get-1]"
      i32.add
    )
    (func $initialize-globals (;5;) (type 5)
      i32.const 65536
      call $"[context-set-0]"
    )
    (func $save-globals (;6;) (type 5)
      i32.const 0
      call $"[context-get-0]"
      i32.store 1
    )
    (func $restore-globals (;7;) (type 5)
      i32.const 0
      i32.load 1
      call $"[context-set-0]"
    )
    (func $start (;8;) (type 5)
      call $initialize-globals
      call $save-globals
    )
    (func $"entry count" (;9;) (type 0)
      call $restore-globals
      call 4
      call $save-globals
    )
  )
  (core instance $main (;2;) (instantiate $main
      (with "$state" (instance $state))
      (with "$root" (instance $root))
    )
  )
  (alias core export $main "count" (core func $count (;4;)))
  (type $count (;0;) (func (result s32)))
  (func $count (;0;) (type $count) (canon lift (core func $count)))
  (export (;1;) "count" (func $count))
)
