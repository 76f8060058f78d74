// SPDX-License-Identifier: Apache-2.0
#include "cli/verify_render.hpp"

#include <gtest/gtest.h>

#include "values.hpp"

namespace storemark::cli {
namespace {

using namespace storemark::cli_test;  // NOLINT(google-build-using-namespace): the tests' own words

Verification spoilt() {
  Store store = dirty("a", 5);
  spoil(store, 1);
  store.seen->verdict.unsettled = true;
  return verify(store);
}

TEST(VerifyRender, SaysWhatRepairWouldDo) {
  const std::string text = verify_text(spoilt(), {});
  EXPECT_TRUE(contains(text, "a: damaged\n")) << text;
  EXPECT_TRUE(contains(text, "slot 1    BAD  invalid: spoilt\n")) << text;
  EXPECT_TRUE(contains(text, "--repair       would build a fresh file")) << text;
}

TEST(VerifyRender, SaysWhatRepairDid) {
  Repair repair{true, "/srv/a/backup", spoilt().store.seen->verdict, spoilt().store.seen->verdict};
  const std::string text = verify_text(spoilt(), Repaired(repair));
  EXPECT_TRUE(contains(text, "a: damaged, now repaired; it was found like this:\n")) << text;
  EXPECT_TRUE(contains(text, "repaired  ok   rebuilt: dirty, sequence 5 exact\n")) << text;
  EXPECT_TRUE(contains(text, "/srv/a/backup")) << text;
  EXPECT_FALSE(contains(text, "would")) << text;
}

TEST(VerifyRender, SaysWhyItWasNotRepaired) {
  const Error error{Errc::in_use, "not repaired", "a", "a broker has it", "stop it", 0};
  const std::string text = verify_text(spoilt(), Repaired(tl::unexpected<Error>(error)));
  EXPECT_TRUE(contains(text, "repaired  BAD  no: a broker has it")) << text;
}

TEST(VerifyRender, Json) {
  const Json json = verify_json(spoilt(), {});
  EXPECT_EQ(json["state"], "dirty");
  EXPECT_EQ(json["exit"], 6);
  EXPECT_EQ(json["checks"][1]["check"], "slot 1");
  EXPECT_EQ(json["checks"][1]["good"], false);
  EXPECT_TRUE(json["repaired"].is_null());
  EXPECT_TRUE(json["error"].is_null());
}

TEST(VerifyRender, AMissingStore) {
  EXPECT_TRUE(contains(verify_text(verify(missing("a")), {}), "a: needs an operator\n"));
  EXPECT_EQ(verify_json(verify(missing("a")), {})["error"]["id"], "SM306");
}

}  // namespace
}  // namespace storemark::cli
