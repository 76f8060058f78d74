// SPDX-License-Identifier: Apache-2.0
#include "journal/environment.hpp"

#include <gtest/gtest.h>

#include "io/quota.hpp"
#include "journal_api/real_store.hpp"

namespace storemark::real {
namespace {

TEST(Environment, WhoeverWaitsLooksOutWhereItIsWantedAndHarmsNobody) {
  Options options;
  Environment environment;
  EXPECT_TRUE(may_look_out(options, environment));
  environment.has_processor_quota = true;
  EXPECT_FALSE(may_look_out(options, environment));
  options.lookout = false;
  EXPECT_FALSE(may_look_out(options, environment));
  environment.has_processor_quota = false;
  EXPECT_FALSE(may_look_out(options, environment));
}

TEST(Environment, TheSystemsKnowsOfAQuota) {
  const TempDirectory root;
  EXPECT_EQ(must(system_environment(root.path(), Options{})).has_processor_quota,
            io::has_processor_quota());
}

}  // namespace
}  // namespace storemark::real
