// SPDX-License-Identifier: Apache-2.0
#include "cpg.hpp"

#include <corosync/cpg.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <storemark/corosync_group.hpp>

#include "../active_journal.hpp"

namespace storemark::bench {
namespace {

class CpgClient : public Client {
 public:
  explicit CpgClient(const std::string& group);
  ~CpgClient() override { cpg_finalize(handle_); }

  [[nodiscard]] bool send(Message message) override {
    iovec piece{const_cast<std::uint8_t*>(message.data()), message.size()};
    const cs_error_t error = cpg_mcast_joined(handle_, CPG_TYPE_AGREED, &piece, 1);
    refused_ = error == CS_ERR_TRY_AGAIN;
    if (!refused_) check("cpg_mcast_joined", error);
    return !refused_;
  }
  void take() override {
    pollfd ready{descriptor_, POLLIN, 0};
    ::poll(&ready, 1, refused_ ? 1 : -1);
    check("cpg_dispatch", cpg_dispatch(handle_, CS_DISPATCH_ALL));
  }
  [[nodiscard]] std::uint64_t returned() const override { return returned_; }
  void await(std::size_t members) override {
    while (members_ < members) take();
  }

 private:
  static void check(const char* call, cs_error_t error) {
    if (error == CS_OK) return;
    std::fprintf(stderr, "%s: %s\n", call, cs_strerror(error));
    std::exit(1);
  }
  static CpgClient& of(cpg_handle_t handle) {
    void* context = nullptr;
    cpg_context_get(handle, &context);
    return *static_cast<CpgClient*>(context);
  }
  static void on_message(cpg_handle_t handle, const cpg_name* /*group*/, std::uint32_t node,
                         std::uint32_t pid, void* /*bytes*/, std::size_t size) {
    CpgClient& self = of(handle);
    if (node == self.node_ && pid == self.pid_) self.returned_ += size;
  }
  static void on_change(cpg_handle_t handle, const cpg_name* /*group*/, const cpg_address* /*all*/,
                        std::size_t count, const cpg_address* /*left*/, std::size_t /*left_count*/,
                        const cpg_address* /*joined*/, std::size_t /*joined_count*/) {
    of(handle).members_ = count;
  }

  cpg_handle_t handle_ = 0;
  int descriptor_ = -1;
  unsigned node_ = 0;
  const std::uint32_t pid_ = static_cast<std::uint32_t>(::getpid());
  bool refused_ = false;
  std::size_t members_ = 0;
  std::uint64_t returned_ = 0;
};

CpgClient::CpgClient(const std::string& group) {
  cpg_model_v1_data_t model{CPG_MODEL_V1, on_message, on_change, nullptr, 0};
  check("cpg_model_initialize",
        cpg_model_initialize(&handle_, CPG_MODEL_V1, reinterpret_cast<cpg_model_data_t*>(&model),
                             this));
  check("cpg_local_get", cpg_local_get(handle_, &node_));
  check("cpg_fd_get", cpg_fd_get(handle_, &descriptor_));
  cpg_name name{};
  name.length = static_cast<std::uint32_t>(group.size());
  std::ranges::copy(group, static_cast<char*>(name.value));
  cs_error_t error = CS_ERR_TRY_AGAIN;
  while (error == CS_ERR_TRY_AGAIN) {
    error = cpg_join(handle_, &name);
    if (error == CS_ERR_TRY_AGAIN) ::poll(nullptr, 0, 1);
  }
  check("cpg_join", error);
}

}  // namespace

std::shared_ptr<Client> cpg_client(const std::string& group) {
  return std::make_shared<CpgClient>(group);
}

std::shared_ptr<Client> corosync_client(const std::string& group) {
  CorosyncGroupOptions options;
  options.group = group;
  return std::make_shared<GroupClient>(must(join_corosync_group(options)));
}

}  // namespace storemark::bench
