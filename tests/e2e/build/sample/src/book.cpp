#include "sample/book.hpp"

namespace sample {

void Bids::add(std::int64_t price, std::int64_t quantity) { levels_[price] += quantity; }

void Bids::take(std::int64_t price, std::int64_t quantity) {
  const auto level = levels_.find(price);
  if (level == levels_.end()) return;
  level->second -= quantity;
  if (level->second <= 0) levels_.erase(level);
}

std::optional<Level> Bids::best() const {
  if (levels_.empty()) return std::nullopt;
  return Level{levels_.begin()->first, levels_.begin()->second};
}

}  // namespace sample
