// What sanitizers look at: threads, memory, arithmetic. Planted mistakes, one for each sanitizer, are asked for by name.
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <memory>
#include <string_view>
#include <thread>

#include "sample/book.hpp"
#include "sample/ring.hpp"

namespace {

int failures = 0;

void expect(bool holds, const char* what) {
  if (holds) return;
  std::cerr << "failed: " << what << '\n';
  ++failures;
}

void test_book() {
  sample::Bids bids;
  expect(!bids.best(), "an empty book has no best price");
  bids.add(100, 1);
  bids.add(101, 2);
  expect(bids.best()->price == 101, "the highest bid is best");
  bids.take(101, 2);
  expect(bids.best()->price == 100, "what is taken is gone");
}

void test_ring() {
  constexpr int count = 10000;
  sample::Ring<int, 64> ring;
  std::thread producer([&ring] {
    for (int value = 0; value < count;)
      if (ring.push(value)) ++value;
      else std::this_thread::yield();
  });
  for (int expected = 0; expected < count;) {
    if (const auto value = ring.pop()) expect(*value == expected++, "values come in their order");
    else std::this_thread::yield();
  }
  producer.join();
}

void read_past_the_end(int size) {
  const auto values = std::make_unique<int[]>(static_cast<std::size_t>(size));
  const volatile int* end = values.get() + size;
  std::cerr << *end << '\n';
}

void overflow(int more) {
  volatile int value = std::numeric_limits<int>::max();
  value = value + more;
}

void race() {
  int shared = 0;
  const auto count = [&shared] {
    for (int i = 0; i < 1000; ++i) *static_cast<volatile int*>(&shared) += 1;
  };
  std::thread one(count), other(count);
  one.join();
  other.join();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view mistake = argc > 1 ? argv[1] : "";
  if (mistake == "address") read_past_the_end(argc);
  if (mistake == "undefined") overflow(argc);
  if (mistake == "thread") race();
  test_book();
  test_ring();
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
