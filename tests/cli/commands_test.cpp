// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.hpp"

#include <gtest/gtest.h>

#include "cli/text.hpp"
#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

Store on_host(Store store) {
  store.host = "far";
  store.directory = "/srv/it's";
  return store;
}

TEST(Commands, OfAnotherHostTheyGoThroughSsh) {
  EXPECT_EQ(undo_command(dirty("a", 5)), (Argv{"storemark", "undo", "a"}));
  EXPECT_EQ(undo_command(on_host(dirty("a", 5))),
            (Argv{"ssh", "far", "storemark undo '/srv/it'\\''s'"}));
}

TEST(Commands, ADiscardNamesWhatWasSeenAndForWhom) {
  const Survey seen = survey({dirty("a", 5), store("b", StoreState::dirty, 7, 9)});
  EXPECT_EQ(command_line(discard_command(seen, 1, 0)),
            "storemark discard b --if-sequence 7 --reason 'given up for a'");
}

TEST(Commands, AMarkIsComparedWithAllOthersOfItsCluster) {
  const Store other = with(dirty("c", 90), [](Record& r) { r.initial = InitialUuid{id(7)}; });
  const Survey seen = survey({dirty("a", 5), dirty("b", 7), other, dirty("d", 0)});
  for (const Cluster& cluster : seen.clusters) {
    if (cluster.initial != InitialUuid{id(1)}) continue;
    const Argv argv = mark_command(seen, cluster, 0);
    ASSERT_EQ(argv.size(), 11U) << "and with no store that holds no event";
    EXPECT_EQ(argv[2], "a");
    EXPECT_TRUE(argv.back().starts_with("b@7."));
  }
}

}  // namespace
}  // namespace storemark::cli
