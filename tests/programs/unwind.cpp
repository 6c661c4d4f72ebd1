// The run-time parts of C++ exceptions that Clang calls, for freestanding programs: the Itanium C++ ABI on WebAssembly's
// exception handling, as far as the programs here need it. Exceptions are caught by value or by reference, as their own class
// or as a first base class.
#include "unwind.h"
#include <stddef.h>
#include <stdint.h>

// The exception of C++: what is thrown is the address of its `unwind` field.
__asm__(".globl __cpp_exception\n"
        ".tagtype __cpp_exception i32\n"
        "__cpp_exception:\n");

// Memory for exceptions: blocks of one size, free ones in a list, for all threads.

namespace {

constexpr size_t block_size = 128, block_count = 512;
alignas(16) char blocks[block_count][block_size];
void *free_blocks;
int used_blocks, live_blocks, locked;

void lock() {
    while (__atomic_exchange_n(&locked, 1, __ATOMIC_ACQUIRE) != 0) {
    }
}

void unlock() { __atomic_store_n(&locked, 0, __ATOMIC_RELEASE); }

void *allocate(size_t size) {
    if (size > block_size) __builtin_trap();
    lock();
    void *block = free_blocks;
    if (block != nullptr)
        free_blocks = *static_cast<void **>(block);
    else if (used_blocks < static_cast<int>(block_count))
        block = blocks[used_blocks++];
    else
        __builtin_trap();
    live_blocks++;
    unlock();
    return block;
}

void release(void *block) {
    lock();
    *static_cast<void **>(block) = free_blocks;
    free_blocks = block;
    live_blocks--;
    unlock();
}

} // namespace

int live_exceptions() { return __atomic_load_n(&live_blocks, __ATOMIC_ACQUIRE); }

// Types at run time, laid out as the ABI has them.

namespace std {

class type_info {
  public:
    virtual ~type_info();
    const char *name;
};

type_info::~type_info() {}

} // namespace std

namespace __cxxabiv1 {

class __fundamental_type_info : public std::type_info {
  public:
    ~__fundamental_type_info() override;
};

class __class_type_info : public std::type_info {
  public:
    ~__class_type_info() override;
    virtual const std::type_info *base() const { return nullptr; }
};

class __si_class_type_info : public __class_type_info {
  public:
    ~__si_class_type_info() override;
    const std::type_info *base() const override { return first_base; }
    const __class_type_info *first_base;
};

__fundamental_type_info::~__fundamental_type_info() {}
__class_type_info::~__class_type_info() {}
__si_class_type_info::~__si_class_type_info() {}

} // namespace __cxxabiv1

// `int` is the only type of no class that is thrown.
extern "C" void *fundamental_vtable[] __asm__("_ZTVN10__cxxabiv123__fundamental_type_infoE");
extern "C" const void *const type_of_int[] __asm__("_ZTIi");
const void *const type_of_int[] = {fundamental_vtable + 2, "i"};

namespace {

// Before each exception object.
struct exception {
    const std::type_info *type;
    // A destructor gives the object back: the C++ ABI of WebAssembly.
    void *(*destroy)(void *);
    // How many catch clauses, exception pointers and throws in flight have it.
    int references;
    // Of the thread that has caught it, the one that it had caught before.
    exception *next_caught;
    int handlers;
    alignas(16) struct {
        uint64_t what;
    } unwind;

    void *object() { return &unwind + 1; }
    static exception *of(void *object) { return from_unwind(static_cast<decltype(unwind) *>(object) - 1); }
    static exception *from_unwind(void *unwind) {
        return reinterpret_cast<exception *>(static_cast<char *>(unwind) - offsetof(exception, unwind));
    }
    void keep() { __atomic_add_fetch(&references, 1, __ATOMIC_RELAXED); }
    void drop() {
        if (__atomic_sub_fetch(&references, 1, __ATOMIC_ACQ_REL) != 0) return;
        if (destroy != nullptr) destroy(object());
        release(this);
    }
};

thread_local exception *caught;

[[noreturn]] void raise(exception *thrown) { __builtin_wasm_throw(0, &thrown->unwind); }

uint32_t read_unsigned(const uint8_t *&at) {
    uint32_t value = 0;
    for (int shift = 0;; shift += 7) {
        uint8_t byte = *at++;
        value |= static_cast<uint32_t>(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0) return value;
    }
}

int32_t read_signed(const uint8_t *&at) {
    uint32_t value = 0;
    for (int shift = 0;;) {
        uint8_t byte = *at++;
        value |= static_cast<uint32_t>(byte & 0x7f) << shift;
        shift += 7;
        if ((byte & 0x80) != 0) continue;
        if (shift < 32 && (byte & 0x40) != 0) value |= ~uint32_t{0} << shift;
        return static_cast<int32_t>(value);
    }
}

// Whether a handler for `handled` takes an exception of the type `thrown`.
bool takes(const std::type_info *handled, const std::type_info *thrown) {
    if (handled == nullptr || handled == thrown) return true;
    if (thrown == reinterpret_cast<const std::type_info *>(type_of_int)) return false;
    const std::type_info *base = static_cast<const __cxxabiv1::__class_type_info *>(thrown)->base();
    return base != nullptr && takes(handled, base);
}

// The number of the handler that takes an exception, or 0. The table is a function's, and `place` the place in it.
int handler(const uint8_t *table, uint32_t place, const std::type_info *thrown) {
    const uint8_t *at = table;
    constexpr uint8_t omitted = 0xff, absolute = 0, unsigned_leb = 1;
    if (*at++ != omitted || *at++ != absolute) __builtin_trap();
    uint32_t offset = read_unsigned(at);
    const auto *types = reinterpret_cast<const std::type_info *const *>(at + offset);
    if (*at++ != unsigned_leb) __builtin_trap();
    uint32_t length = read_unsigned(at);
    const uint8_t *actions = at + length;
    uint32_t action = 0;
    for (uint32_t entry = 0; entry <= place && at < actions; entry++) {
        read_unsigned(at);
        action = read_unsigned(at);
    }
    if (action == 0) return 0;
    for (at = actions + action - 1;;) {
        int32_t type = read_signed(at);
        if (type <= 0) return 0;
        if (takes(types[-type], thrown)) return type;
        const uint8_t *here = at;
        int32_t next = read_signed(at);
        if (next == 0) return 0;
        at = here + next;
    }
}

} // namespace

extern "C" {

// What a function that catches leaves here, and finds here.
struct {
    uint32_t place;
    const uint8_t *table;
    uint32_t handler;
} thread_local __wasm_lpad_context;

int _Unwind_CallPersonality(void *unwind) {
    auto &context = __wasm_lpad_context;
    context.handler = handler(context.table, context.place, exception::from_unwind(unwind)->type);
    return 0;
}

int __gxx_wasm_personality_v0(int) { __builtin_trap(); }

void *__cxa_allocate_exception(size_t size) {
    auto *thrown = static_cast<exception *>(allocate(sizeof(exception) + size));
    *thrown = exception{};
    return thrown->object();
}

void __cxa_free_exception(void *object) { release(exception::of(object)); }

[[noreturn]] void __cxa_throw(void *object, const std::type_info *type, void *(*destroy)(void *)) {
    exception *thrown = exception::of(object);
    thrown->type = type;
    thrown->destroy = destroy;
    thrown->references = 1;
    raise(thrown);
}

void *__cxa_begin_catch(void *unwind) {
    exception *thrown = exception::from_unwind(unwind);
    // The throw in flight becomes a handler; of two handlers for one exception, nested, the inner one lets the throw go.
    if (thrown->handlers++ == 0) {
        thrown->next_caught = caught;
        caught = thrown;
    } else {
        thrown->drop();
    }
    return thrown->object();
}

void *__cxa_get_exception_ptr(void *unwind) { return exception::from_unwind(unwind)->object(); }

void __cxa_end_catch() {
    exception *ended = caught;
    if (--ended->handlers > 0) return;
    caught = ended->next_caught;
    ended->drop();
}

[[noreturn]] void __cxa_rethrow() {
    caught->keep();
    raise(caught);
}

} // extern "C"

namespace std {

[[noreturn]] void terminate() noexcept { __builtin_trap(); }

exception_ptr::exception_ptr(void *thrown) : pointer(thrown) {
    if (pointer != nullptr) static_cast<exception *>(pointer)->keep();
}

exception_ptr::exception_ptr(const exception_ptr &other) : exception_ptr(other.pointer) {}

exception_ptr::~exception_ptr() {
    if (pointer != nullptr) static_cast<exception *>(pointer)->drop();
}

exception_ptr current_exception() { return exception_ptr(caught); }

[[noreturn]] void rethrow_exception(const exception_ptr &pointer) {
    auto *thrown = static_cast<exception *>(pointer.thrown());
    thrown->keep();
    raise(thrown);
}

} // namespace std

// A deleting destructor calls it; nothing here is deleted.
void operator delete(void *, size_t) noexcept { __builtin_trap(); }
