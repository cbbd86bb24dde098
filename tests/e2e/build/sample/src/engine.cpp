// The service: reads no market, trades nothing, says what it would buy.
#include <cstdlib>
#include <iostream>
#ifdef HAS_FMT
#include <fmt/core.h>
#endif

#include "sample/book.hpp"

int main() {
  sample::Bids bids;
  bids.add(10100, 5);
  bids.add(10200, 7);
  bids.take(10200, 7);
  const auto best = bids.best();
  if (!best) return EXIT_FAILURE;
#ifdef HAS_FMT
  std::cout << fmt::format("{} at {}\n", best->quantity, best->price);
#else
  std::cout << best->quantity << " at " << best->price << '\n';
#endif
  return EXIT_SUCCESS;
}
