// SPDX-License-Identifier: Apache-2.0
// Corosync's own libraries. No other file knows their headers.
#include "group/corosync/daemon.hpp"

#include <corosync/cmap.h>
#include <corosync/cpg.h>
#include <corosync/quorum.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <mutex>
#include <new>
#include <optional>
#include <system_error>

#include "group/own_descriptor.hpp"
#include "io/process.hpp"

namespace storemark::corosync_group {
namespace {

/// Where the daemon keeps who is in its ring, and how it says there that a node is not any more.
constexpr const char* members_key = "runtime.members.";
constexpr std::string_view status_key_end = ".status";
constexpr std::string_view status_left = "left";
/// Its queue for these has room for some 2,000. Where it was full a departure may be told too late.
constexpr std::uint64_t most_unread = 1000;

Answer answer_of(cs_error_t error) {
  switch (error) {
    case CS_OK:
      return Answer::done;
    case CS_ERR_TRY_AGAIN:
    case CS_ERR_BUSY:
    case CS_ERR_QUEUE_FULL:
      return Answer::again;
    case CS_ERR_ACCESS:
    case CS_ERR_SECURITY:
      return Answer::denied;
    default:
      return Answer::gone;
  }
}

std::vector<Address> addresses(const cpg_address* list, std::size_t count) {
  std::vector<Address> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back({list[i].nodeid, list[i].pid});
  return out;
}

std::vector<DaemonListener::Moved> moved(const cpg_address* list, std::size_t count) {
  std::vector<DaemonListener::Moved> out;
  for (std::size_t i = 0; i < count; ++i) {
    const bool by_ring =
        list[i].reason == CPG_REASON_NODEDOWN || list[i].reason == CPG_REASON_NODEUP;
    out.push_back({{list[i].nodeid, list[i].pid}, by_ring});
  }
  return out;
}

iovec piece(ByteView bytes) {
  // The library only reads, and does not say so.
  return {const_cast<std::uint8_t*>(bytes.data()), bytes.size()};  // NOLINT
}

class CorosyncDaemon : public Daemon {
 public:
  CorosyncDaemon() = default;
  ~CorosyncDaemon() override { close_all(); }

  Answer join(const std::string& group, DaemonListener& listener) override;
  [[nodiscard]] std::string complaint() const override { return complaint_; }
  [[nodiscard]] Facts facts() const override { return facts_; }
  Answer take_event() override {
    return told("cpg_dispatch", cpg_dispatch(cpg_.value_or(0), CS_DISPATCH_ONE_NONBLOCKING));
  }
  Answer take_quorum() override {
    return told("quorum_dispatch", quorum_dispatch(quorum_.value_or(0), CS_DISPATCH_ALL));
  }
  Answer count_departures(std::uint64_t& out) override;
  Answer leave() override { return judge("cpg_leave", cpg_leave(cpg_.value_or(0), &group_)); }
  void close() override { close_all(); }
  Answer multicast(ByteView head, ByteView body) override;
  void interrupt() noexcept override;

  void see_change(std::string_view key, std::string_view value) noexcept {
    ++changes_;
    if (key.ends_with(status_key_end) && value.starts_with(status_left)) ++departures_;
  }
  // Its listener is told, and by C libraries: nothing may be thrown through them.
  template <class Tell>
  void tell(Tell tell) noexcept {
    try {
      tell(*listener_);
    } catch (const std::bad_alloc&) {
      no_memory_ = true;
    }
  }

 private:
  Answer connect_group();
  Answer connect_quorum();
  Answer connect_members();
  void close_all();
  Answer judge(const char* call, cs_error_t error);
  Answer told(const char* call, cs_error_t error);
  Answer watch(OwnDescriptor& own, int fd);
  [[nodiscard]] bool would_spin();

  DaemonListener* listener_ = nullptr;
  cpg_name group_{};
  Facts facts_;
  std::string complaint_;
  bool no_memory_ = false;
  std::optional<cpg_handle_t> cpg_;
  std::optional<quorum_handle_t> quorum_;
  std::optional<cmap_handle_t> cmap_;
  std::uint64_t changes_ = 0;     ///< that the daemon told of its members, whatever they were
  std::uint64_t departures_ = 0;  ///< of these
  int send_buffer_ = 0;           ///< of the socket, in bytes
  unsigned unchecked_ = 0;

  // The libraries' descriptors: so that no child keeps them, and what lasts can be ended.
  std::mutex mutex_;
  bool interrupted_ = false;
  OwnDescriptor cpg_fd_;
  OwnDescriptor quorum_fd_;
  OwnDescriptor cmap_fd_;
};

CorosyncDaemon& of(cpg_handle_t handle) {
  void* context = nullptr;
  static_cast<void>(cpg_context_get(handle, &context));
  return *static_cast<CorosyncDaemon*>(context);
}

CorosyncDaemon& of_quorum(quorum_handle_t handle) {
  const void* context = nullptr;
  static_cast<void>(quorum_context_get(handle, &context));
  return *static_cast<CorosyncDaemon*>(const_cast<void*>(context));  // NOLINT: it was not const
}

void on_message(cpg_handle_t handle, const cpg_name* /*group*/, std::uint32_t node,
                std::uint32_t pid, void* bytes, std::size_t size) {
  of(handle).tell([&](DaemonListener& listener) {
    listener.message({node, pid}, {static_cast<const std::uint8_t*>(bytes), size});
  });
}

// NOLINTNEXTLINE(readability-function-size): libcpg's parameters.
void on_processes(cpg_handle_t handle, const cpg_name* /*group*/, const cpg_address* members,
                  std::size_t member_count, const cpg_address* left, std::size_t left_count,
                  const cpg_address* joined, std::size_t joined_count) {
  of(handle).tell([&](DaemonListener& listener) {
    listener.processes(
        {addresses(members, member_count), moved(left, left_count), moved(joined, joined_count)});
  });
}

void on_ring(cpg_handle_t handle, cpg_ring_id ring, std::uint32_t /*count*/,
             const std::uint32_t* /*nodes*/) {
  of(handle).tell([&](DaemonListener& listener) { listener.ring({ring.nodeid, ring.seq}); });
}

void on_quorum(quorum_handle_t handle, std::uint32_t quorate, quorum_ring_id ring,
               std::uint32_t /*count*/, const std::uint32_t* /*nodes*/) {
  of_quorum(handle).tell(
      [&](DaemonListener& listener) { listener.quorum(ring.seq, quorate != 0); });
}

void on_nodes(quorum_handle_t /*handle*/, quorum_ring_id /*ring*/, std::uint32_t /*count*/,
              const std::uint32_t* /*nodes*/, std::uint32_t /*joined_count*/,
              const std::uint32_t* /*joined*/, std::uint32_t /*left_count*/,
              const std::uint32_t* /*left*/) {}

void on_change(cmap_handle_t handle, cmap_track_handle_t /*track*/, std::int32_t /*event*/,
               const char* key, cmap_notify_value now, cmap_notify_value /*before*/,
               void* /*data*/) {
  const void* context = nullptr;
  static_cast<void>(cmap_context_get(handle, &context));
  auto& daemon = *static_cast<CorosyncDaemon*>(const_cast<void*>(context));  // NOLINT: as above
  const bool is_text = now.type == CMAP_VALUETYPE_STRING && now.data != nullptr;
  daemon.see_change(key, is_text ? std::string_view(static_cast<const char*>(now.data), now.len)
                                 : std::string_view());
}

Answer CorosyncDaemon::judge(const char* call, cs_error_t error) {
  if (error != CS_OK) complaint_ = std::string(call) + ": " + cs_strerror(error);
  return answer_of(error);
}

Answer CorosyncDaemon::told(const char* call, cs_error_t error) {
  return no_memory_ ? Answer::no_memory : judge(call, error);
}

Answer CorosyncDaemon::multicast(ByteView head, ByteView body) {
  if (would_spin()) return Answer::again;
  const std::array pieces{piece(head), piece(body)};
  return answer_of(
      cpg_mcast_joined(cpg_.value_or(0), CPG_TYPE_AGREED, pieces.data(), pieces.size()));
}

/// libqb tells the daemon of each message by a byte through a socket, and while that is full it
/// spins: it would for as long as the daemon is stopped. 278 bytes fill it as Linux has it.
bool CorosyncDaemon::would_spin() {
  constexpr unsigned between_checks = 32;
  if (++unchecked_ < between_checks) return false;
  int waiting = 0;
  if (::ioctl(facts_.events, SIOCOUTQ, &waiting) != 0) return false;
  const bool out = waiting > send_buffer_ / 2;
  if (!out) unchecked_ = 0;
  return out;
}

Answer CorosyncDaemon::watch(OwnDescriptor& own, int fd) {
  OwnDescriptor watched(fd);
  const std::lock_guard lock(mutex_);
  own = std::move(watched);
  return interrupted_ ? Answer::gone : Answer::done;
}

void CorosyncDaemon::interrupt() noexcept {
  const std::lock_guard lock(mutex_);
  interrupted_ = true;
  for (const OwnDescriptor* own : {&cpg_fd_, &quorum_fd_, &cmap_fd_}) {
    if (*own) ::shutdown(own->get(), SHUT_RDWR);
  }
}

Answer CorosyncDaemon::join(const std::string& group, DaemonListener& listener) {
  close_all();
  listener_ = &listener;
  no_memory_ = false;
  group_.length = static_cast<std::uint32_t>(group.size());
  std::ranges::copy(group, group_.value);
  Answer out = connect_members();
  if (out == Answer::done) out = connect_quorum();
  if (out == Answer::done) out = connect_group();
  return out == Answer::done ? judge("cpg_join", cpg_join(*cpg_, &group_)) : out;
}

/// Before the group is joined, so that no departure is missed.
Answer CorosyncDaemon::connect_members() {
  cmap_handle_t handle = 0;
  Answer out = judge("cmap_initialize", cmap_initialize(&handle));
  if (out != Answer::done) return out;
  cmap_ = handle;
  changes_ = departures_ = 0;
  out = judge("cmap_context_set", cmap_context_set(handle, this));
  int fd = -1;
  if (out == Answer::done) out = judge("cmap_fd_get", cmap_fd_get(handle, &fd));
  if (out == Answer::done) out = watch(cmap_fd_, fd);
  if (out != Answer::done) return out;
  cmap_track_handle_t track = 0;
  return judge("cmap_track_add",
               cmap_track_add(handle, members_key, CMAP_TRACK_MODIFY | CMAP_TRACK_PREFIX, on_change,
                              nullptr, &track));
}

/// One look at the connection where nothing was told: no question goes to the daemon.
Answer CorosyncDaemon::count_departures(std::uint64_t& out) {
  pollfd told_of{cmap_fd_.get(), POLLIN, 0};
  if (::poll(&told_of, 1, 0) != 0) {
    const std::uint64_t before = changes_;
    const Answer answer = judge("cmap_dispatch", cmap_dispatch(*cmap_, CS_DISPATCH_ALL));
    if (answer != Answer::done) return answer;
    if (changes_ - before > most_unread) {
      complaint_ = "too many changes of the ring were not taken in time";
      return Answer::gone;
    }
  }
  out = departures_;
  return Answer::done;
}

Answer CorosyncDaemon::connect_quorum() {
  quorum_model_v1_data_t model{QUORUM_MODEL_V1, on_quorum, on_nodes};
  quorum_handle_t handle = 0;
  std::uint32_t type = QUORUM_FREE;
  Answer out =
      judge("quorum_model_initialize",
            quorum_model_initialize(&handle, QUORUM_MODEL_V1,
                                    reinterpret_cast<quorum_model_data_t*>(&model), &type, this));
  if (out != Answer::done) return out;
  quorum_ = handle;
  facts_.has_quorum = type == QUORUM_SET;
  out = judge("quorum_fd_get", quorum_fd_get(handle, &facts_.quorum_events));
  if (out == Answer::done) out = watch(quorum_fd_, facts_.quorum_events);
  if (out != Answer::done) return out;
  return judge("quorum_trackstart", quorum_trackstart(handle, CS_TRACK_CHANGES | CS_TRACK_CURRENT));
}

Answer CorosyncDaemon::connect_group() {
  cpg_model_v1_data_t model{CPG_MODEL_V1, on_message, on_processes, on_ring,
                            CPG_MODEL_V1_DELIVER_INITIAL_TOTEM_CONF};
  cpg_handle_t handle = 0;
  Answer out = judge("cpg_model_initialize",
                     cpg_model_initialize(&handle, CPG_MODEL_V1,
                                          reinterpret_cast<cpg_model_data_t*>(&model), this));
  if (out != Answer::done) return out;
  cpg_ = handle;
  out = judge("cpg_fd_get", cpg_fd_get(handle, &facts_.events));
  if (out == Answer::done) out = watch(cpg_fd_, facts_.events);
  socklen_t length = sizeof send_buffer_;
  if (out == Answer::done &&
      ::getsockopt(facts_.events, SOL_SOCKET, SO_SNDBUF, &send_buffer_, &length) != 0) {
    complaint_ = "getsockopt: " + std::generic_category().message(errno);
    return Answer::gone;
  }
  unsigned node = 0;
  if (out == Answer::done) out = judge("cpg_local_get", cpg_local_get(handle, &node));
  std::uint32_t size = 0;
  if (out == Answer::done) {
    out = judge("cpg_max_atomic_msgsize_get", cpg_max_atomic_msgsize_get(handle, &size));
  }
  facts_.self = {node, static_cast<std::uint32_t>(io::this_process())};
  facts_.max_message = size;
  return out;
}

/// The libraries close their descriptors themselves, and the numbers may be others' then.
void CorosyncDaemon::close_all() {
  {
    const std::lock_guard lock(mutex_);
    for (OwnDescriptor* own : {&cpg_fd_, &quorum_fd_, &cmap_fd_}) own->release();
  }
  if (cpg_) static_cast<void>(cpg_finalize(*cpg_));
  if (quorum_) static_cast<void>(quorum_finalize(*quorum_));
  if (cmap_) static_cast<void>(cmap_finalize(*cmap_));
  cpg_.reset();
  quorum_.reset();
  cmap_.reset();
}

}  // namespace

std::unique_ptr<Daemon> corosync_daemon() { return std::make_unique<CorosyncDaemon>(); }

}  // namespace storemark::corosync_group
