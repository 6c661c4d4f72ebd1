(component
  (core module $main (;0;)
    (type (;0;) (func (param i32)))
    (type (;1;) (func (param i32 i32) (result i32)))
    (type (;2;) (func (param i32) (result i32)))
    (type (;3;) (func))
    (type (;4;) (func (param i32 i32 i32 i32) (result i32)))
    (type (;5;) (func (result i64)))
    (type (;6;) (func (result i32)))
    (type (;7;) (func (param i32 i32 i32) (result i32)))
    (import "$root" "[context-set-0]" (func $set-sp (;0;) (type 0)))
    (import "$root" "[thread-new-indirect-v0]" (func (;1;) (type 1)))
    (import "[export]test:hook/things" "[resource-new]thing" (func $new (;2;) (type 2)))
    (import "[export]$root" "[task-return]later" (func $return (;3;) (type 3)))
    (table (;0;) 1 1 funcref)
    (memory (;0;) 1)
    (global $events (;0;) (mut i64) i64.const 0)
    (export "memory" (memory 0))
    (export "__indirect_function_table" (table 0))
    (export "__wasm_task_hook" (func 4))
    (export "_initialize" (func 14))
    (export "cabi_realloc" (func 15))
    (export "events" (func 16))
    (export "test:hook/things#[constructor]thing" (func 17))
    (export "test:hook/things#[dtor]thing" (func 18))
    (export "test:hook/things#echo" (func 19))
    (export "cabi_post_test:hook/things#echo" (func 20))
    (export "[async-lift]later" (func 21))
    (export "[callback][async-lift]later" (func 22))
    (func (;4;) (type 0) (param $event i32)
      i32.const 65536
      call $set-sp
      global.get $events
      i64.const 4
      i64.shl
      local.get $event
      i64.extend_i32_u
      i64.or
      global.set $events
    )
    (func (;5;) (type 3))
    (func (;6;) (type 4) (param i32 i32 i32 i32) (result i32)
      i32.const 1024
    )
    (func (;7;) (type 5) (result i64)
      global.get $events
    )
    (func (;8;) (type 6) (result i32)
      i32.const 1
      call $new
    )
    (func (;9;) (type 0) (param i32))
    (func (;10;) (type 1) (param $text i32) (param $length i32) (result i32)
      i32.const 16
      local.get $text
      i32.store
      i32.const 20
      local.get $length
      i32.store
      i32.const 16
    )
    (func (;11;) (type 0) (param i32))
    (func (;12;) (type 6) (result i32)
      i32.const 1
    )
    (func (;13;) (type 7) (param i32 i32 i32) (result i32)
      call $return
      i32.const 0
    )
    (func (;14;) (type 3)
      i32.const 6
      call 4
      call 5
      i32.const 7
      call 4
    )
    (func (;15;) (type 4) (param i32 i32 i32 i32) (result i32)
      i32.const 12
      call 4
      local.get 0
      local.get 1
      local.get 2
      local.get 3
      call 6
      i32.const 13
      call 4
    )
    (func (;16;) (type 5) (result i64)
      i32.const 0
      call 4
      call 7
      i32.const 1
      call 4
    )
    (func (;17;) (type 6) (result i32)
      i32.const 0
      call 4
      call 8
      i32.const 1
      call 4
    )
    (func (;18;) (type 0) (param i32)
      i32.const 8
      call 4
      local.get 0
      call 9
      i32.const 9
      call 4
    )
    (func (;19;) (type 1) (param i32 i32) (result i32)
      i32.const 0
      call 4
      local.get 0
      local.get 1
      call 10
    )
    (func (;20;) (type 0) (param i32)
      local.get 0
      call 11
      i32.const 1
      call 4
    )
    (func (;21;) (type 6) (result i32)
      (local i32)
      i32.const 2
      call 4
      call 12
      local.set 0
      i32.const 4
      i32.const 5
      local.get 0
      select
      call 4
      local.get 0
    )
    (func (;22;) (type 7) (param i32 i32 i32) (result i32)
      (local i32)
      i32.const 3
      call 4
      local.get 0
      local.get 1
      local.get 2
      call 13
      local.set 3
      i32.const 4
      i32.const 5
      local.get 3
      select
      call 4
      local.get 3
    )
    (@producers
      (processed-by "wit-component" "0.254.2")
    )
  )
  (core module $wit-component-shim-module (;1;)
    (type (;0;) (func (param i32 i32) (result i32)))
    (type (;1;) (func (param i32)))
    (table (;0;) 2 2 funcref)
    (export "0" (func 0))
    (export "1" (func 1))
    (export "$imports" (table 0))
    (func (;0;) (type 0) (param i32 i32) (result i32)
      local.get 0
      local.get 1
      i32.const 0
      call_indirect (type 0)
    )
    (func (;1;) (type 1) (param i32)
      local.get 0
      i32.const 1
      call_indirect (type 1)
    )
    (@producers
      (processed-by "wit-component" "0.254.2")
    )
  )
  (core module $wit-component-fixup (;2;)
    (type (;0;) (func (param i32 i32) (result i32)))
    (type (;1;) (func (param i32)))
    (import "" "0" (func (;0;) (type 0)))
    (import "" "1" (func (;1;) (type 1)))
    (import "" "$imports" (table (;0;) 2 2 funcref))
    (elem (;0;) (i32.const 0) func 0 1)
    (@producers
      (processed-by "wit-component" "0.254.2")
    )
  )
  (core instance $wit-component-shim-instance (;0;) (instantiate $wit-component-shim-module))
  (alias core export $wit-component-shim-instance "1" (core func $dtor-thing (;0;)))
  (type $thing (;0;) (resource (rep i32) (dtor $dtor-thing)))
  (core func $"context.set 0" (;1;) (canon context.set i32 0))
  (alias core export $wit-component-shim-instance "0" (core func $thread.new-indirect (;2;)))
  (core instance $$root (;1;)
    (export "[context-set-0]" (func $"context.set 0"))
    (export "[thread-new-indirect-v0]" (func $thread.new-indirect))
  )
  (core func $resource.new (;3;) (canon resource.new $thing))
  (core instance $"[export]test:hook/things" (;2;)
    (export "[resource-new]thing" (func $resource.new))
  )
  (core func $task.return (;4;) (canon task.return))
  (core instance $"[export]$root" (;3;)
    (export "[task-return]later" (func $task.return))
  )
  (core instance $main (;4;) (instantiate $main
      (with "$root" (instance $$root))
      (with "[export]test:hook/things" (instance $"[export]test:hook/things"))
      (with "[export]$root" (instance $"[export]$root"))
    )
  )
  (alias core export $main "memory" (core memory $memory (;0;)))
  (alias core export $wit-component-shim-instance "$imports" (core table $"shim table" (;0;)))
  (core type $thread-start (;0;) (func (param i32)))
  (alias core export $main "__indirect_function_table" (core table $indirect-function-table (;1;)))
  (core func $"#core-func5 thread.new-indirect" (@name "thread.new-indirect") (;5;) (canon thread.new-indirect $thread-start $indirect-function-table))
  (alias core export $main "test:hook/things#[dtor]thing" (core func $"test:hook/things#[dtor]thing" (;6;)))
  (core instance $fixup-args (;5;)
    (export "$imports" (table $"shim table"))
    (export "0" (func $"#core-func5 thread.new-indirect"))
    (export "1" (func $"test:hook/things#[dtor]thing"))
  )
  (core instance $fixup (;6;) (instantiate $wit-component-fixup
      (with "" (instance $fixup-args))
    )
  )
  (alias core export $main "_initialize" (core func $start (;7;)))
  (core module $start-shim-module (;3;)
    (type (;0;) (func))
    (import "" "" (func (;0;) (type 0)))
    (start 0)
  )
  (core instance $start-shim-args (;7;)
    (export "" (func $start))
  )
  (core instance $start-shim-instance (;8;) (instantiate $start-shim-module
      (with "" (instance $start-shim-args))
    )
  )
  (type (;1;) (func (result u64)))
  (alias core export $main "events" (core func $events (;8;)))
  (alias core export $main "cabi_realloc" (core func $cabi_realloc (;9;)))
  (func $events (;0;) (type 1) (canon lift (core func $events)))
  (export $"#func1 events" (@name "events") (;1;) "events" (func $events))
  (type (;2;) (func async))
  (alias core export $main "[async-lift]later" (core func $"[async-lift]later" (;10;)))
  (alias core export $main "[callback][async-lift]later" (core func $"[callback][async-lift]later" (;11;)))
  (func $later (;2;) (type 2) (canon lift (core func $"[async-lift]later") async (callback $"[callback][async-lift]later")))
  (export $"#func3 later" (@name "later") (;3;) "later" (func $later))
  (type (;3;) (own $thing))
  (type (;4;) (func (result 3)))
  (alias core export $main "test:hook/things#[constructor]thing" (core func $"test:hook/things#[constructor]thing" (;12;)))
  (func $"[constructor]thing" (;4;) (type 4) (canon lift (core func $"test:hook/things#[constructor]thing")))
  (type (;5;) (func (param "text" string) (result string)))
  (alias core export $main "test:hook/things#echo" (core func $test:hook/things#echo (;13;)))
  (alias core export $main "cabi_post_test:hook/things#echo" (core func $cabi_post_test:hook/things#echo (;14;)))
  (func $echo (;5;) (type 5) (canon lift (core func $test:hook/things#echo) (memory $memory) (realloc $cabi_realloc) string-encoding=utf8 (post-return $cabi_post_test:hook/things#echo)))
  (component $test:hook/things-shim-component (;0;)
    (import "import-type-thing" (type (;0;) (sub resource)))
    (type (;1;) (own 0))
    (type (;2;) (func (result 1)))
    (import "import-constructor-thing" (func (;0;) (type 2)))
    (type (;3;) (func (param "text" string) (result string)))
    (import "import-func-echo" (func (;1;) (type 3)))
    (export (;4;) "thing" (type 0))
    (type (;5;) (own 4))
    (type (;6;) (func (result 5)))
    (export (;2;) "[constructor]thing" (func 0) (func (type 6)))
    (type (;7;) (func (param "text" string) (result string)))
    (export (;3;) "echo" (func 1) (func (type 7)))
  )
  (instance $test:hook/things-shim-instance (;0;) (instantiate $test:hook/things-shim-component
      (with "import-constructor-thing" (func $"[constructor]thing"))
      (with "import-func-echo" (func $echo))
      (with "import-type-thing" (type $thing))
    )
  )
  (export $test:hook/things (;1;) "test:hook/things" (instance $test:hook/things-shim-instance))
  (@producers
    (processed-by "wit-component" "0.254.2")
  )
)
