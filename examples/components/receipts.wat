;; A component whose function takes a list of records and an enum, and returns a record. All that a call uses is shared, so calls overlap.
(component
  ;; It says that the component's threads run in parallel.
  (core func (canon thread.available-parallelism shared))

  (type $item (record (field "price" u32) (field "count" u32)))
  (export $item-type "item" (type $item))
  (type $rate (enum "full" "reduced"))
  (export $rate-type "rate" (type $rate))
  (type $receipt (record (field "pieces" u32) (field "sum" u64)))
  (export $receipt-type "receipt" (type $receipt))

  (core module $main
    (type $realloc (shared (func (param i32 i32 i32 i32) (result i32))))
    (type $total (shared (func (param i32 i32 i32) (result i32))))
    (type $free (shared (func (param i32))))
    (memory $memory (export "memory") 1 16 shared)
    ;; Whether a piece of 1,024 bytes of the memory is in use: the first 64 pieces but one, which has these bytes.
    (func $allocate (type $realloc) (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
      (local $piece i32)
      (if (i32.gt_u (local.get $size) (i32.const 1024)) (then (unreachable)))
      (local.set $piece (i32.const 1))
      (loop $again
        (if (i32.eqz (i32.atomic.rmw8.cmpxchg_u (local.get $piece) (i32.const 0) (i32.const 1)))
          (then (return (i32.mul (local.get $piece) (i32.const 1024)))))
        (local.set $piece (i32.add (local.get $piece) (i32.const 1)))
        (br_if $again (i32.lt_u (local.get $piece) (i32.const 64))))
      (unreachable))
    (export "realloc" (func $allocate))
    (func $free (export "free") (type $free) (param $at i32)
      (i32.atomic.store8 (i32.shr_u (local.get $at) (i32.const 10)) (i32.const 0)))

    ;; The sum takes the place of the first item. If there is none, the list is nowhere.
    (func (export "total") (type $total) (param $items i32) (param $length i32) (param $rate i32) (result i32)
      (local $at i32) (local $end i32) (local $pieces i32) (local $sum i64)
      (if (i32.eqz (local.get $length)) (then
        (local.set $items (call $allocate (i32.const 0) (i32.const 0) (i32.const 8) (i32.const 16)))))
      (local.set $at (local.get $items))
      (local.set $end (i32.add (local.get $at) (i32.shl (local.get $length) (i32.const 3))))
      (block $all (loop $again
        (br_if $all (i32.eq (local.get $at) (local.get $end)))
        (local.set $pieces (i32.add (local.get $pieces) (i32.load offset=4 (local.get $at))))
        (local.set $sum (i64.add (local.get $sum) (i64.mul
          (i64.load32_u (local.get $at)) (i64.load32_u offset=4 (local.get $at)))))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (br $again)))
      (if (i32.eq (local.get $rate) (i32.const 1)) (then
        (local.set $sum (i64.div_u (local.get $sum) (i64.const 2)))))
      (i32.store (local.get $items) (local.get $pieces))
      (i64.store offset=8 (local.get $items) (local.get $sum))
      (local.get $items)))
  (core instance $main (instantiate $main))

  (func (export "total") (param "items" (list $item-type)) (param "rate" $rate-type) (result $receipt-type)
    (canon lift (core func $main "total") (memory $main "memory") (realloc (func $main "realloc"))
      (post-return (func $main "free")))))
