// What C++ does with exceptions, once for each call of `exceptions_test`, whatever thread calls it. Linked with exceptions.c.
#include "unwind.h"

namespace {

struct base {
    int value;
    virtual ~base();
};

struct derived : base {
    explicit derived(int number) { value = number; }
    ~derived() override;
};

base::~base() {}
derived::~derived() {}

// Counts the destructors that run, at its address, and says in which order.
struct counted {
    int *order;
    int number;
    ~counted() { *order = *order * 10 + number; }
};

volatile int never;

[[gnu::noinline]] void throw_number(int value) {
    if (never == 0) throw value;
}

[[gnu::noinline]] void throw_derived(int value) {
    if (never == 0) throw derived(value);
}

[[gnu::noinline]] int catch_number(int value) {
    try {
        throw_number(value);
    } catch (const base &) {
        return -1;
    } catch (int number) {
        return number;
    }
    return -2;
}

[[gnu::noinline]] int catch_base(int value) {
    try {
        throw_derived(value);
    } catch (int) {
        return -1;
    } catch (const base &thrown) {
        return thrown.value;
    }
    return -2;
}

// Through two frames with something to clean up each.
[[gnu::noinline]] void clean_up_inner(int *order, int value) {
    counted first{order, 1}, second{order, 2};
    throw_number(value);
}

[[gnu::noinline]] void clean_up_outer(int *order, int value) {
    counted third{order, 3};
    clean_up_inner(order, value);
}

[[gnu::noinline]] int clean_up(int value) {
    int order = 0;
    try {
        clean_up_outer(&order, value);
    } catch (int number) {
        if (number != value) return -1;
    }
    return order;
}

[[gnu::noinline]] void rethrow_inner(int value) {
    try {
        throw_derived(value);
    } catch (...) {
        throw;
    }
}

[[gnu::noinline]] int rethrow(int value) {
    try {
        rethrow_inner(value);
    } catch (derived &thrown) {
        return thrown.value;
    }
    return -1;
}

// One exception while another one is handled.
[[gnu::noinline]] int nested(int value) {
    try {
        throw_number(value);
    } catch (int outer) {
        try {
            throw_derived(value + 1);
        } catch (base &inner) {
            return inner.value - outer;
        }
    }
    return -1;
}

[[gnu::noinline]] int pointer(int value) {
    try {
        try {
            throw_derived(value);
        } catch (...) {
            std::exception_ptr kept = std::current_exception();
            std::rethrow_exception(kept);
        }
    } catch (base &thrown) {
        return thrown.value;
    }
    return -1;
}

} // namespace

extern "C" const char *exceptions_test(int value) {
    if (catch_number(value) != value) return "a number is caught";
    if (catch_base(value) != value) return "an object is caught as its base class";
    if (clean_up(value) != 213) return "destructors run, innermost and last first";
    if (rethrow(value) != value) return "an exception is thrown again";
    if (nested(value) != 1) return "an exception is thrown while another is handled";
    if (pointer(value) != value) return "an exception pointer is thrown again";
    return nullptr;
}

// Lets an exception out: nobody catches it.
extern "C" void exceptions_let_out(int value) { throw_number(value); }

extern "C" int exceptions_live() { return live_exceptions(); }
