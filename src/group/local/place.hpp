// SPDX-License-Identifier: Apache-2.0
// The directory where a group meets: the hub's socket, and the file whose locks say who leads and
// who lives. All system calls on names are here.
#pragma once

#include <filesystem>
#include <storemark/error.hpp>

#include "group/local/hub.hpp"
#include "group/own_descriptor.hpp"
#include "io/file.hpp"
#include "io/filesystem.hpp"

namespace storemark::local_group {

/// The process at the other end of a socket.
struct Peer {
  unsigned user = 0;
  int process = 0;
};
[[nodiscard]] io::IoResult<Peer> peer_of(int socket);

class Place : public Ledger {
 public:
  static constexpr const char* lock_name = "storemark.group.lock";
  static constexpr const char* socket_name = "storemark.group";

  /// Makes the directory (0700) if it is missing. Refuses one that is not this user's alone to
  /// write, or that is not on this host, as `filesystem_of` tells.
  using FilesystemOf = io::IoResult<io::Filesystem> (*)(int directory);
  [[nodiscard]] static Result<std::unique_ptr<Place>> open(
      const std::filesystem::path& path, FilesystemOf filesystem_of = io::filesystem_of);
  ~Place() override = default;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  /// The hub's lock. False: another has it.
  [[nodiscard]] io::IoResult<bool> lead();
  void lead_no_more();
  /// A node's lock: while it is held others take the node for alive. False: another has it.
  [[nodiscard]] io::IoResult<bool> hold(std::uint64_t node);
  void release(std::uint64_t node);
  [[nodiscard]] bool lives(std::uint64_t node) override;
  /// Whether any node holds its lock, other than through this place.
  [[nodiscard]] io::IoResult<bool> others_live();
  /// Whether the lock file is still the one that others see.
  [[nodiscard]] io::IoResult<bool> is_in_place();

  // Under the hub's lock only.
  [[nodiscard]] io::IoResult<Mark> mark();
  [[nodiscard]] bool keep(const Mark& mark) override;
  [[nodiscard]] io::IoResult<OwnDescriptor> listen();
  void remove_socket();

  /// To the hub's socket; ECONNREFUSED, ENOENT and EAGAIN mean that nobody takes it now.
  [[nodiscard]] io::IoResult<OwnDescriptor> connect();

 private:
  Place(std::string path, OwnDescriptor directory, OwnDescriptor lock)
      : path_(std::move(path)), directory_(std::move(directory)), lock_(std::move(lock)) {}

  const std::string path_;
  OwnDescriptor directory_;
  OwnDescriptor lock_;
};

}  // namespace storemark::local_group
