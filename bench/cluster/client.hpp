// SPDX-License-Identifier: Apache-2.0
// What is measured: a place in a group, whatever the group is made of.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <storemark/group.hpp>
#include <string>

namespace storemark::bench {

using Message = std::span<const std::uint8_t>;

class Client {
 public:
  Client() = default;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  virtual ~Client() = default;
  /// To everybody, itself among them. False: not now.
  [[nodiscard]] virtual bool send(Message message) = 0;
  /// Waits until something has come, or what could not be sent may be tried again; takes it.
  virtual void take() = 0;
  /// Bytes of its own messages that have come back, since ever.
  [[nodiscard]] virtual std::uint64_t returned() const = 0;
  /// Waits until so many are in the group.
  virtual void await(std::size_t members) = 0;
};

/// Any of storemark's groups, by the public interface.
class GroupClient : public Client, private GroupListener {
 public:
  explicit GroupClient(std::unique_ptr<storemark::Group> group) : group_(std::move(group)) {}

  [[nodiscard]] bool send(Message message) override;
  void take() override;
  [[nodiscard]] std::uint64_t returned() const override { return returned_; }
  void await(std::size_t members) override;

 private:
  void view_changed(const GroupView& view) override { members_ = view.nodes.size(); }
  void delivered(GroupNode from, Message message) override {
    if (from == group_->self()) returned_ += message.size();
  }

  std::unique_ptr<storemark::Group> group_;
  std::size_t members_ = 0;
  std::uint64_t returned_ = 0;
};

[[nodiscard]] Result<std::unique_ptr<storemark::Group>> join_local(const std::string& directory);
[[nodiscard]] std::shared_ptr<Client> local_client(const std::string& directory);

/// Takes what comes, for ever; says "in" first.
[[noreturn]] void be_peer(Client& client);

}  // namespace storemark::bench
