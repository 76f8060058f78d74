// SPDX-License-Identifier: Apache-2.0
#include "cli/text.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace storemark::cli {
namespace {

TEST(Text, PrintableLetsWordsThrough) {
  EXPECT_EQ(printable("/srv/b1"), "/srv/b1");
  EXPECT_EQ(printable("Bühne €𝄞"), "Bühne €𝄞");
}

TEST(Text, PrintableSpellsWhatWouldSteerATerminal) {
  EXPECT_EQ(printable("a\x1b[31mb"), "a\\x1b[31mb");
  EXPECT_EQ(printable("a\nb\x7f"), "a\\x0ab\\x7f");
  EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b");           // a control character of C1
  EXPECT_EQ(printable("\xe2\x80\xae"), "\\xe2\\x80\\xae");  // right to left
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
}

TEST(Text, PrintableSpellsWhatIsNoUtf8) {
  EXPECT_EQ(printable("\xff"), "\\xff");
  EXPECT_EQ(printable("\xe2\x82"), "\\xe2\\x82");
  EXPECT_EQ(printable("\xc0\x80"), "\\xc0\\x80");
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
}

TEST(Text, KeepsTheEndOfALongPath) {
  EXPECT_EQ(keep_end("/srv/b1", 7), "/srv/b1");
  EXPECT_EQ(keep_end("/srv/storemark/b1", 10), "...mark/b1");
  EXPECT_EQ(columns(keep_end("/srv/ü/ü/ü/ü/ü/ü", 8)), 8U);
}

TEST(Text, TimesAreRfc3339InUtc) {
  EXPECT_EQ(rfc3339(1'700'000'000'000'000'000), "2023-11-14T22:13:20Z");
  EXPECT_EQ(rfc3339(-1), "1969-12-31T23:59:59Z");
  EXPECT_EQ(rfc3339(0), "-");
  EXPECT_EQ(rfc3339(std::numeric_limits<std::int64_t>::max()), "2262-04-11T23:47:16Z");
  EXPECT_EQ(rfc3339(std::numeric_limits<std::int64_t>::min()), "1677-09-21T00:12:43Z");
  EXPECT_EQ(rfc3339_now().size(), 20U);
}

TEST(Text, NumbersAreDecimalAndNothingElse) {
  EXPECT_EQ(parse_number("0"), 0U);
  EXPECT_EQ(parse_number("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
  for (const char* wrong : {"", "-1", "+1", " 1", "1 ", "0x10", "1e3", "18446744073709551616"}) {
    EXPECT_FALSE(parse_number(wrong)) << wrong;
  }
}

TEST(Text, SequencesSayHowFarTheyAreKnown) {
  Verdict verdict;
  verdict.floor = 990;
  verdict.ceiling = 1010;
  verdict.certainty = Certainty::between;
  EXPECT_EQ(sequence_text(verdict), "990 to 1010");
  verdict.certainty = Certainty::at_least;
  EXPECT_EQ(sequence_text(verdict), "at least 990");
  verdict.certainty = Certainty::exact;
  EXPECT_EQ(sequence_text(verdict), "990 exact");
}

TEST(Text, CommandLinesSurviveAShell) {
  EXPECT_EQ(command_line({"storemark", "undo", "/srv/b1"}), "storemark undo /srv/b1");
  EXPECT_EQ(command_line({"a b", "", "it's", "$x;`y`"}), "'a b' '' 'it'\\''s' '$x;`y`'");
  EXPECT_EQ(command_line({"a\x1b'\\"}), "$'a\\x1b\\'\\\\'");
}

TEST(Text, ListsAndCounts) {
  EXPECT_EQ(listed({}), "");
  EXPECT_EQ(listed({"a"}), "a");
  EXPECT_EQ(listed({"a", "b", "c"}), "a, b and c");
  EXPECT_EQ(counted(1, "slot"), "1 slot");
  EXPECT_EQ(counted(0, "slot"), "0 slots");
  EXPECT_EQ(short_id(Uuid{}), "-");
}

TEST(Text, Seconds) {
  EXPECT_EQ(parse_seconds("2"), 2000U);
  EXPECT_EQ(parse_seconds("0.25"), 250U);
  EXPECT_EQ(parse_seconds("0.001"), 1U);
  EXPECT_EQ(parse_seconds("1.5"), 1500U);
  for (const char* text : {"", ".", "1.", ".5", "1.0001", "-1", "1e3", "99999999999"}) {
    EXPECT_FALSE(parse_seconds(text)) << text;
  }
}

}  // namespace
}  // namespace storemark::cli
