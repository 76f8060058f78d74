// SPDX-License-Identifier: Apache-2.0
#include "client.hpp"

#include <poll.h>

#include <cstdio>
#include <storemark/local_group.hpp>

#include "../active_journal.hpp"

namespace storemark::bench {

bool GroupClient::send(Message message) { return must(group_->multicast(message)); }

void GroupClient::take() {
  constexpr std::size_t most = 1000;
  pollfd ready{group_->descriptor(), POLLIN, 0};
  ::poll(&ready, 1, -1);
  static_cast<void>(must(group_->dispatch(*this, most)));
}

void GroupClient::await(std::size_t members) {
  while (members_ < members) take();
}

Result<std::unique_ptr<storemark::Group>> join_local(const std::string& directory) {
  LocalGroupOptions options;
  options.directory = directory;
  return join_local_group(options);
}

std::shared_ptr<Client> local_client(const std::string& directory) {
  return std::make_shared<GroupClient>(must(join_local(directory)));
}

void be_peer(Client& client) {
  std::puts("in");
  std::fflush(stdout);
  for (;;) client.take();
}

}  // namespace storemark::bench
