// SPDX-License-Identifier: Apache-2.0
#include "traffic.hpp"

#include <array>

namespace storemark::bench {
namespace {

struct Size {
  const char* name;
  std::size_t bytes;
  std::size_t in_stream;  ///< messages of one turn
};
constexpr std::array sizes{Size{"64 B", 64, 20'000}, Size{"1 KiB", 1024, 10'000},
                           Size{"64 KiB", 65'536, 400}};

/// `count` messages, all of which come back.
void exchange(Client& client, Message message, std::size_t count) {
  const std::uint64_t end = client.returned() + std::uint64_t{count} * message.size();
  std::size_t sent = 0;
  while (client.returned() < end) {
    while (sent < count && client.send(message)) ++sent;
    if (client.returned() < end) client.take();
  }
}

Group traffic(const std::string& name, const std::vector<Entry>& entries, std::size_t bytes,
              std::size_t count, const Plan& plan) {
  Group out(name, plan);
  for (const Entry& entry : entries) {
    Contender contender;
    contender.name = entry.name;
    contender.is_baseline = entry.is_baseline;
    contender.operations = static_cast<double>(count);
    contender.is_ours = entry.is_ours;
    contender.once = [client = entry.client, count,
                      message = std::vector<std::uint8_t>(bytes, 0x5a)] {
      return timed([&] { exchange(*client, message, count); });
    };
    out.add(std::move(contender));
  }
  return out;
}

}  // namespace

void add_traffic(std::vector<Group>& out, const std::vector<Entry>& entries, Effort effort) {
  const auto alone = by_effort<Plan>(effort, {2, 2, {}, {}}, {15, 30, {}, {}}, {80, 30, {}, {}},
                                     {200, 100, {}, {}});
  for (const Size& size : sizes) {
    out.push_back(traffic(std::string("round trip, ") + size.name, entries, size.bytes, 1, alone));
  }
  const auto many =
      by_effort<Plan>(effort, {2, 1, {}, {}}, {5, 1, {}, {}}, {15, 1, {}, {}}, {60, 1, {}, {}});
  for (const Size& size : sizes) {
    const bool tiny = effort == Effort::tiny;
    const std::size_t count = tiny ? size.in_stream / 100 + 2 : size.in_stream;
    out.push_back(
        traffic(std::string("one of many, ") + size.name, entries, size.bytes, count, many));
  }
}

}  // namespace storemark::bench
