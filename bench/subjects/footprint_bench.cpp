// SPDX-License-Identifier: Apache-2.0
// What an open journal takes while nothing happens: memory, threads, descriptors, of many of them
// divided by their number.
#include <malloc.h>

#include <list>
#include <optional>

#include "../active_journal.hpp"
#include "../process.hpp"
#include "../subject.hpp"

namespace storemark::bench {
namespace {

struct Held {
  Journal journal;
  std::optional<WritePermit> permit;
};

Held hold(const std::filesystem::path& directory, bool active, std::chrono::milliseconds interval) {
  Options options;
  options.make_directory = true;
  options.interval = interval;
  Held out{must(Journal::open(directory, {StoreContent::holds_nothing, {}, {}}, options)), {}};
  must(out.journal.found(InitialUuid(new_uuid())));
  if (active) out.permit = must(out.journal.activate(View{ViewId(new_uuid()), {}}, 0));
  return out;
}

struct Taken {
  std::uint64_t resident, heap, threads, descriptors;
};

Taken taken() {
  return {resident_bytes(), ::mallinfo2().uordblks, thread_count(), descriptor_count()};
}

/// `held` outlives the other rows, which would else be given its memory.
template <class Open>
Row footprint(const std::string& name, std::size_t count, std::vector<Held>& held, Open open) {
  held.reserve(count + 1);
  // The first one brings in code and buffers that the others share.
  held.push_back(open(std::size_t{0}));
  const Taken before = taken();
  for (std::size_t i = 1; i <= count; ++i) held.push_back(open(i));
  const Taken after = taken();
  const auto each = [&](std::uint64_t Taken::*what) {
    const auto more = static_cast<double>(after.*what) - static_cast<double>(before.*what);
    return more / static_cast<double>(count);
  };
  Row out;
  out.name = name;
  out.numbers = {{"resident_bytes", each(&Taken::resident)},
                 {"heap_bytes", each(&Taken::heap)},
                 {"threads", each(&Taken::threads)},
                 {"descriptors", each(&Taken::descriptors)}};
  return out;
}

Tables footprint_tables(const std::filesystem::path& directory, Effort effort) {
  const auto count = by_effort<std::size_t>(effort, 2, 64, 64, 256);
  const std::vector<std::string> names = {"open journal", "permit", "permit, interval writer"};
  Tables out;
  out.emplace_back("footprint", names, [=] {
    std::list<std::vector<Held>> all;
    const auto open = [&](const std::string& name, bool active, int interval_ms) {
      return footprint(name, count, all.emplace_back(), [&](std::size_t i) {
        return hold(directory / (name + std::to_string(i)), active,
                    std::chrono::milliseconds(interval_ms));
      });
    };
    constexpr int often = 100;
    return std::vector<Row>{open(names[0], false, 0), open(names[1], true, 0),
                            open(names[2], true, often)};
  });
  return out;
}

}  // namespace
}  // namespace storemark::bench

int main(int argc, char** argv) {
  return storemark::bench::run_subject(argc, argv, "footprint", storemark::bench::footprint_tables);
}
