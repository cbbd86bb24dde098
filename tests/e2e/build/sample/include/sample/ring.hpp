// A queue of one producer and one consumer, without locks and without allocation.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <optional>

namespace sample {

template <typename T, std::size_t Size>
class Ring {
  static_assert((Size & (Size - 1)) == 0, "a power of two");

 public:
  bool push(const T& value) {
    const auto tail = tail_.load(std::memory_order_relaxed);
    if (tail - head_.load(std::memory_order_acquire) == Size) return false;
    slots_[tail & (Size - 1)] = value;
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  std::optional<T> pop() {
    const auto head = head_.load(std::memory_order_relaxed);
    if (head == tail_.load(std::memory_order_acquire)) return std::nullopt;
    const T value = slots_[head & (Size - 1)];
    head_.store(head + 1, std::memory_order_release);
    return value;
  }

 private:
  alignas(64) std::atomic<std::size_t> head_{0};
  alignas(64) std::atomic<std::size_t> tail_{0};
  std::array<T, Size> slots_{};
};

}  // namespace sample
