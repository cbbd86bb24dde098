// One side of an order book: quantities by price, best price first.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>

namespace sample {

struct Level {
  std::int64_t price;
  std::int64_t quantity;
};

class Bids {
 public:
  void add(std::int64_t price, std::int64_t quantity);
  void take(std::int64_t price, std::int64_t quantity);
  std::optional<Level> best() const;

 private:
  std::map<std::int64_t, std::int64_t, std::greater<>> levels_;
};

}  // namespace sample
