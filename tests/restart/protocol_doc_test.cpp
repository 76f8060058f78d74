// SPDX-License-Identifier: Apache-2.0
// What PROTOCOL.md says of the bytes must be so: its tables are those of wire_layout.hpp, its
// example is what the encoder writes. STOREMARK_REGENERATE=1 rewrites the generated parts.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <sstream>

#include "journal/samples.hpp"
#include "restart/wire_layout.hpp"
#include "restart/wire_samples.hpp"
#include "support/generated_page.hpp"

namespace storemark::wire {
namespace {

std::string page() { return test::read_page(STOREMARK_PROTOCOL_PAGE); }

void check_generated(const std::string& source, const std::string& expected) {
  test::check_generated(STOREMARK_PROTOCOL_PAGE, source, expected);
}

template <std::size_t count>
std::string table(const std::array<layout::Field, count>& fields) {
  std::ostringstream out;
  out << "| offset | size | field | meaning |\n|---:|---:|---|---|\n";
  for (const layout::Field& field : fields) {
    out << "| " << field.offset << " | " << field.size << " | `" << field.name << "` | "
        << field.meaning << " |\n";
  }
  return out.str();
}

std::string hex_dump(const std::vector<std::uint8_t>& bytes) {
  std::string out;
  std::array<char, 24> text{};
  for (std::size_t line = 0; line < bytes.size(); line += 16) {
    std::snprintf(text.data(), text.size(), "%03zx ", line);
    out += text.data();
    std::string letters;
    for (std::size_t i = line; i < std::min(line + 16, bytes.size()); ++i) {
      std::snprintf(text.data(), text.size(), " %02x", unsigned{bytes[i]});
      out += text.data();
      letters += bytes[i] >= 0x20 && bytes[i] < 0x7F ? static_cast<char>(bytes[i]) : '.';
    }
    out += std::string(3 * (line + 16 > bytes.size() ? line + 16 - bytes.size() : 0), ' ');
    out += "  " + letters + '\n';
  }
  return "```\n" + out + "```\n";
}

TEST(ProtocolPage, HasTheTablesOfFields) {
  check_generated("layout::envelope", table(layout::envelope::fields));
  check_generated("layout::announce", table(layout::announce::fields));
  check_generated("layout::offer", table(layout::offer::fields));
  check_generated("layout::in_round", table(layout::in_round::fields));
  check_generated("layout::activated", table(layout::activated::fields));
  check_generated("layout::confirm", table(layout::confirm::fields));
  check_generated("layout::shutdown", table(layout::shutdown::fields));
}

TEST(ProtocolPage, HasTheExamples) {
  check_generated("Confirm{1051}", hex_dump(encode(Confirm{1051})));
  check_generated("plain_announce()", hex_dump(encode(test::plain_announce())));
}

TEST(ProtocolPage, HasTheNumbers) {
  const std::string text = page();
  const auto has = [&](const std::string& what) {
    EXPECT_NE(text.find(what), std::string::npos) << what;
  };
  has("At most " + std::to_string(max_control_bytes) + " bytes");
  has("an event has a payload of at most " + std::to_string(max_event_payload));
  has("seeded with 0x65726977");
  EXPECT_EQ(layout::check_seed, 0x65726977U);
  has("begin at offset " + std::to_string(layout::announce::fixed_bytes));
  has("the body begins at offset " + std::to_string(layout::header_bytes));
  const char* names[] = {"announce",  "offer", "retry",   "prepared",
                         "activated", "event", "confirm", "shutdown"};
  static_assert(std::size(names) == layout::type_count);
  for (std::size_t i = 0; i < std::size(names); ++i) {
    has("| " + std::to_string(i + 1) + " | `" + names[i] + "` |");
  }
}

}  // namespace
}  // namespace storemark::wire
