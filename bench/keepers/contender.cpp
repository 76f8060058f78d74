// SPDX-License-Identifier: Apache-2.0
#include "contender.hpp"

namespace storemark::bench {

Contender contender(const Way& way, const std::filesystem::path& directory) {
  const std::shared_ptr<Keeper> keeper = way.open(directory / way.name);
  Contender out;
  out.name = way.name;
  out.is_ours = way.family == Family::ours;
  out.once = [keeper, n = std::uint64_t{0}]() mutable {
    ++n;
    return timed([&] { keeper->put(n); });
  };
  return out;
}

Contender twin(const Way& way, const std::filesystem::path& directory) {
  Way again = way;
  again.name += " (twin)";
  Contender out = contender(again, directory);
  out.is_ours = false;
  out.twin_of = way.name;
  return out;
}

}  // namespace storemark::bench
