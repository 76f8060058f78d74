// SPDX-License-Identifier: Apache-2.0
#include "../active_journal.hpp"
#include "keeper.hpp"

namespace storemark::bench {
namespace {

class StoremarkKeeper : public Keeper {
 public:
  StoremarkKeeper(const std::filesystem::path& directory, DurableWrite how)
      : active_(directory, options(how)) {}

  void put(std::uint64_t n) override { must(active_.permit().write_sequence(n)); }
  std::uint64_t get() override { return active_.permit().durable_floor(); }
  std::optional<std::uint64_t> flushes() const override { return active_.sequence_writes(); }

 private:
  static Options options(DurableWrite how) {
    Options out;
    out.durable_write = how;
    return out;
  }
  ActiveJournal active_;
};

Way ours(const std::string& how, DurableWrite durable_write) {
  return {"storemark, " + how, Family::ours,
          [durable_write](const std::filesystem::path& directory) {
            return std::make_unique<StoremarkKeeper>(directory, durable_write);
          }};
}

}  // namespace

std::vector<Way> our_ways() {
  return {ours("automatic", DurableWrite::automatic), ours("direct", DurableWrite::direct),
          ours("buffered", DurableWrite::buffered)};
}

}  // namespace storemark::bench
