// SPDX-License-Identifier: Apache-2.0
#include "describe.hpp"

#include <sstream>

namespace storemark::fuzz {
namespace {

std::string hex(const std::array<std::uint8_t, 16>& bytes) {
  constexpr std::size_t enough = 8;
  return to_string(Uuid{bytes}).substr(0, enough);
}

void describe_block(std::ostream& out, const codec::Decoded& block) {
  out << to_string(block.health) << ", journal " << hex(block.journal.bytes);
  if (block.record) {
    const Record& r = *block.record;
    out << ", generation " << r.generation << " " << hex(block.hash.bytes) << " after "
        << hex(r.parent.bytes) << ", " << to_string(r.state) << " " << r.floor << " to "
        << r.ceiling << (r.unproven ? ", unproven" : "") << (r.discard ? ", discard" : "");
    if (r.mark_raised > 0) out << ", marked " << r.mark_held << " to " << r.mark_raised;
    if (r.tag) out << ", tagged";
  }
  if (!block.why.empty()) out << ": " << block.why;
  out << "\n";
}

}  // namespace

std::string describe(const StoreFacts& facts) {
  constexpr const char* contents[] = {"nothing is known", "holds nothing", "holds data"};
  std::ostringstream out;
  out << "the store: " << contents[static_cast<std::size_t>(facts.content)];
  if (facts.sequence) out << ", sequence " << *facts.sequence;
  if (facts.tag) out << ", a tag of " << facts.tag->bytes.size() << " bytes";
  out << "\n";
  return out.str();
}

std::string describe(const recovery::Evidence& evidence) {
  std::ostringstream out;
  out << "the file: " << evidence.file_bytes << " bytes\n";
  for (std::size_t i = 0; i < evidence.slots.size(); ++i) {
    out << "  slot " << i << ": ";
    describe_block(out, evidence.slots.at(i));
  }
  for (std::size_t i = 0; i < evidence.anchors.size(); ++i) {
    out << "  anchor " << i << ": ";
    describe_block(out, evidence.anchors.at(i));
  }
  return out.str();
}

std::string describe(const Verdict& verdict) {
  std::ostringstream out;
  out << "diagnosis " << to_string(verdict.diagnosis) << ", " << to_string(verdict.state) << ", "
      << verdict.floor << " to " << verdict.ceiling << ", " << to_string(verdict.certainty)
      << (verdict.unsettled ? ", unsettled" : "") << (verdict.clean_by_tag ? ", by tag" : "")
      << "\n";
  for (const std::string& why : verdict.why) out << "  " << why << "\n";
  return out.str();
}

}  // namespace storemark::fuzz
