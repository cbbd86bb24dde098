// How long a message waits between two calls of the queue, on one thread.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <vector>

#include "sample/ring.hpp"

int main() {
  using Clock = std::chrono::steady_clock;
  constexpr int rounds = 100000;
  sample::Ring<int, 1024> ring;
  std::vector<Clock::duration> times;
  times.reserve(rounds);
  for (int round = 0; round < rounds; ++round) {
    const auto start = Clock::now();
    ring.push(round);
    const auto value = ring.pop();
    times.push_back(Clock::now() - start);
    if (!value || *value != round) return EXIT_FAILURE;
  }
  const auto middle = times.begin() + rounds / 2;
  std::nth_element(times.begin(), middle, times.end());
  std::cout << "median " << std::chrono::duration_cast<std::chrono::nanoseconds>(*middle).count() << " ns\n";
  return EXIT_SUCCESS;
}
