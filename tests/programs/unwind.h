// What C++ programs here have in the place of a C++ library: `std::exception_ptr`, and a count.
#pragma once

// How many exceptions have been thrown and not yet destroyed.
int live_exceptions();

namespace std {

// Keeps an exception alive, and throws it again.
class exception_ptr {
  public:
    explicit exception_ptr(void *thrown);
    exception_ptr(const exception_ptr &other);
    ~exception_ptr();
    exception_ptr &operator=(const exception_ptr &) = delete;
    void *thrown() const { return pointer; }

  private:
    void *pointer;
};

exception_ptr current_exception();
[[noreturn]] void rethrow_exception(const exception_ptr &pointer);

} // namespace std
