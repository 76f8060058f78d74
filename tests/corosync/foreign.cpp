// SPDX-License-Identifier: Apache-2.0
// A process that is in the group "test" and none of ours, for group_test.py. usage: foreign KIND
// KIND: silent; flood (garbage of all sizes, as fast as it goes); version (a message of a later
// version of the protocol). Says "in" when it is, and ends when it is killed.
#include <corosync/cpg.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <random>
#include <string_view>
#include <vector>

namespace {

void ignore_message(cpg_handle_t, const cpg_name*, std::uint32_t, std::uint32_t, void*,
                    std::size_t) {}
void ignore_change(cpg_handle_t, const cpg_name*, const cpg_address*, std::size_t,
                   const cpg_address*, std::size_t, const cpg_address*, std::size_t) {}

// The head of an envelope, whose version stands at 4.
constexpr std::array<std::uint8_t, 20> head{'S', 'M', 'C', 'G', 1, 1};

bool send(cpg_handle_t handle, std::vector<std::uint8_t>& bytes) {
  iovec piece{bytes.data(), bytes.size()};
  const auto sent = cpg_mcast_joined(handle, CPG_TYPE_AGREED, &piece, 1);
  if (sent == CS_ERR_TRY_AGAIN) ::poll(nullptr, 0, 1);
  return sent == CS_OK || sent == CS_ERR_TRY_AGAIN;
}

/// Half of it begins as ours do.
std::vector<std::uint8_t> garbage(std::mt19937& random) {
  std::vector<std::uint8_t> out(random() % 2 == 0 ? random() % 64 : random() % 20'000);
  for (auto& byte : out) byte = static_cast<std::uint8_t>(random());
  if (random() % 2 == 0) std::memcpy(out.data(), head.data(), std::min(out.size(), std::size_t{6}));
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view kind = argc == 2 ? argv[1] : "";
  cpg_model_v1_data_t model{CPG_MODEL_V1, ignore_message, ignore_change, nullptr, 0};
  cpg_handle_t handle = 0;
  cpg_name group{4, "test"};
  if (cpg_model_initialize(&handle, CPG_MODEL_V1, reinterpret_cast<cpg_model_data_t*>(&model),
                           nullptr) != CS_OK) {
    return 1;
  }
  while (cpg_join(handle, &group) == CS_ERR_TRY_AGAIN) ::poll(nullptr, 0, 1);
  cpg_dispatch(handle, CS_DISPATCH_ONE);
  std::puts("in");
  std::fflush(stdout);
  std::mt19937 random(1);
  std::vector<std::uint8_t> later(head.begin(), head.end());
  later[4] = 2;
  if (kind == "version" && !send(handle, later)) return 1;
  for (;;) {
    if (kind != "flood") {
      cpg_dispatch(handle, CS_DISPATCH_ONE);
    } else {
      auto bytes = garbage(random);
      if (!send(handle, bytes)) return 1;
      cpg_dispatch(handle, CS_DISPATCH_ALL);
    }
  }
}
