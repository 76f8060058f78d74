// SPDX-License-Identifier: Apache-2.0
#include "cli/audit.hpp"

#include <fstream>

#include "stores.hpp"

namespace storemark::cli {
namespace {

class Audit : public cli_test::StoresTest {
 protected:
  void write(const std::string& text) const {
    std::ofstream(path(std::string(audit_file_name))) << text;
  }
};

TEST_F(Audit, IsWhatTheToolWrote) {
  const std::string b = dirty("b", 7);
  ASSERT_TRUE(discard(b, {7, "not \"needed\"", "me@here"}));
  ASSERT_TRUE(undo(b, "me@here"));
  const AuditLog log = parse_audit(read_audit(b).value());
  ASSERT_EQ(log.entries.size(), 2U);
  EXPECT_EQ(log.unreadable, 0U);
  EXPECT_EQ(log.entries[0].word, "discard");
  EXPECT_EQ(log.entries[0].reason, "not \"needed\"");
  EXPECT_EQ(log.entries[0].who, "me@here");
  EXPECT_EQ(log.entries[0].sequence, 7U);
  EXPECT_EQ(log.entries[1].word, "undo");
  EXPECT_GT(log.entries[1].generation, log.entries[0].generation);
}

TEST_F(Audit, AStoreWithoutWordsHasNone) { EXPECT_FALSE(read_audit(dirty("b", 7))); }

TEST_F(Audit, LinesThatCannotBeReadAreCounted) {
  const AuditLog log = parse_audit(
      "{\"word\":\"undo\"}\nnonsense\n\n[]\n{}\n{\"word\":7}\n{\"word\":\"adopt\",\"sequence\":-1}"
      "\n"
      "{\"word\":\"discard\",\"seq");
  EXPECT_EQ(log.entries.size(), 2U);
  EXPECT_EQ(log.entries[1].sequence, 0U);
  EXPECT_EQ(log.unreadable, 5U);
}

TEST_F(Audit, OfALongOneTheNewestPartIsRead) {
  write(std::string(2 * most_audit_bytes, 'x') + "\n{\"word\":\"undo\"}\n");
  const auto text = read_audit(root_);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "{\"word\":\"undo\"}\n");
  write(std::string(2 * most_audit_bytes, 'x'));
  EXPECT_EQ(read_audit(root_), "");
}

TEST_F(Audit, DeepNestingIsNoTrap) {
  EXPECT_EQ(parse_audit(std::string(most_audit_bytes, '[')).unreadable, 1U);
}

}  // namespace
}  // namespace storemark::cli
