// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/watch.hpp"

#include <sys/epoll.h>

#include "io/descriptor.hpp"

namespace storemark::corosync_group {

io::IoResult<Watch> Watch::make() {
  OwnDescriptor all(::epoll_create1(EPOLL_CLOEXEC));
  if (!all) return io::failed("epoll_create1");
  return Watch(std::move(all));
}

io::IoResult<void> Watch::add(int descriptor) {
  epoll_event event{};
  event.events = EPOLLIN;
  if (::epoll_ctl(all_.get(), EPOLL_CTL_ADD, descriptor, &event) != 0) {
    return io::failed("epoll_ctl");
  }
  return {};
}

void Watch::remove(int descriptor) noexcept {
  static_cast<void>(::epoll_ctl(all_.get(), EPOLL_CTL_DEL, descriptor, nullptr));
}

}  // namespace storemark::corosync_group
