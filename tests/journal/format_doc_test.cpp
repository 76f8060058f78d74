// SPDX-License-Identifier: Apache-2.0
// What FORMAT.md says must be so: its table of fields is that of layout.hpp, its hex dump that of a
// golden file, its examples of legal images are legal. STOREMARK_REGENERATE=1 rewrites the
// generated parts.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <sstream>

#include "journal/blocks.hpp"
#include "journal/crash_model.hpp"
#include "journal/layout.hpp"
#include "journal/legal_images.hpp"
#include "support/generated_page.hpp"

namespace storemark {
namespace {

using namespace storemark::test;

std::string page() { return test::read_page(STOREMARK_FORMAT_PAGE); }

void check_generated(const std::string& source, const std::string& expected) {
  test::check_generated(STOREMARK_FORMAT_PAGE, source, expected);
}

std::string field_table() {
  std::ostringstream out;
  out << "| offset | size | field | meaning |\n|---:|---:|---|---|\n";
  for (const layout::Field& field : layout::fields) {
    out << "| " << field.offset << " | " << field.size << " | `" << field.name << "` | "
        << field.meaning << " |\n";
  }
  return out.str();
}

std::string hex_dump(codec::SlotView block) {
  std::string out;
  std::array<char, 8> text{};
  for (std::size_t line = 0; line < block.size(); line += 16) {
    const auto bytes = block.subspan(line, 16);
    if (std::ranges::all_of(bytes, [](std::byte b) { return b == std::byte{0}; })) continue;
    std::snprintf(text.data(), text.size(), "%03zx ", line);
    out += text.data();
    std::string letters;
    for (const std::byte byte : bytes) {
      const auto value = std::to_integer<unsigned>(byte);
      std::snprintf(text.data(), text.size(), " %02x", value);
      out += text.data();
      letters += value >= 0x20 && value < 0x7F ? static_cast<char>(value) : '.';
    }
    out += "  " + letters + '\n';
  }
  return out;
}

TEST(FormatPage, HasTheTableOfFields) { check_generated("layout::fields", field_table()); }

TEST(FormatPage, HasTheBytesOfAGoldenFile) {
  const Bytes file = expand(read_bytes(STOREMARK_GOLDEN "/dirty.blocks"));
  check_generated("golden/dirty.blocks", "```\n" + hex_dump(block_of(file, 4)) + "```\n");
}

TEST(FormatPage, HasThePlaces) {
  const std::string text = page();
  for (std::size_t place = 0; place < layout::place_count; ++place) {
    const std::string row =
        "| " + std::to_string(offset_of(place)) + " | " + std::to_string(place) + " |";
    EXPECT_NE(text.find(row), std::string::npos) << row;
  }
  EXPECT_NE(text.find(std::to_string(layout::file_bytes) + " bytes, always"), std::string::npos);
  EXPECT_NE(text.find("0x73746f72656d6b00 + place"), std::string::npos);
  EXPECT_EQ(layout::seal_seed, 0x73746f72656d6b00U);
}

TEST(FormatPage, HasTheBounds) {
  std::ostringstream bounds;
  bounds << "At most " << max_members << " members, labels of " << max_label_bytes << " bytes, "
         << max_history << " views of history, " << max_compared << " compared stores, a tag of "
         << max_tag_bytes << " bytes, a\nreason of " << max_reason_bytes << ", a payload of "
         << max_payload_bytes << '.';
  EXPECT_NE(page().find(bounds.str()), std::string::npos) << bounds.str();
}

// --- legal images --------------------------------------------------------------------------------

std::string legal_section() {
  const std::string text = page();
  const std::size_t begin = text.find("## Legal images");
  return text.substr(begin, text.find("\n## ", begin) - begin);
}

/// O O M M W W, for W being pair `newest`, in the order of the slots.
legal::Image by_slots(const std::vector<std::string>& words, std::size_t newest) {
  legal::Image image{};
  for (std::size_t i = 0; i < slot_count; ++i) {
    const std::size_t pair = (newest + 1 + i / 2) % 3;
    image.at(2 * pair + i % 2) =
        words[i] == "-" ? legal::Age::torn : static_cast<legal::Age>(std::stoi(words[i]));
  }
  return image;
}

/// What stands between backquotes and has six words of one character.
std::vector<std::vector<std::string>> examples_in(const std::string& text) {
  std::vector<std::vector<std::string>> out;
  for (std::size_t from = text.find('`'); from != text.npos; from = text.find('`', from + 1)) {
    const std::size_t to = text.find('`', from + 1);
    if (to == text.npos) break;
    std::istringstream in(text.substr(from + 1, to - from - 1));
    const std::vector<std::string> words(std::istream_iterator<std::string>(in), {});
    if (words.size() == slot_count) out.push_back(words);
    from = to;
  }
  return out;
}

TEST(FormatPage, ItsExamplesOfLegalImagesAreLegal) {
  const auto examples = examples_in(legal_section());
  EXPECT_GE(examples.size(), 9U);
  for (const auto& words : examples) {
    unsigned distance = slot_count;
    for (const std::size_t newest : {0U, 1U, 2U}) {
      distance = std::min(distance, legal::distance(by_slots(words, newest)));
    }
    EXPECT_EQ(distance, 0U) << testing::PrintToString(words);
  }
}

TEST(FormatPage, CountsTheLegalImages) {
  std::set<legal::Image> images;
  for (const auto& state : test::crash::all_runs({}).stopped) {
    images.insert(test::crash::image_of(state.slots));
  }
  EXPECT_NE(legal_section().find("\n" + std::to_string(images.size()) + " images."),
            std::string::npos)
      << images.size();
}

}  // namespace
}  // namespace storemark
